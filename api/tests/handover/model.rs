//! The states of the hand-over, and the steps between them. It says in small what `misfire::queue` does: two streams, a hedge, a position
//! in the files that is noted now and then, and purges up to it.

use std::fmt;

const STREAMS: usize = 2;

/// How much may happen, so that there is an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Bounds {
    pub(crate) events: usize,
    /// How often PostHog sends each event.
    pub(crate) attempts: u8,
    /// How many messages the network doubles.
    pub(crate) doubles: u8,
    /// How often the writer crashes.
    pub(crate) crashes: u8,
    /// How often a stream forgets its ids.
    pub(crate) forgets: u8,
}

/// A mistake that the search must find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    MovesOnBeforeTheSync,
    PurgesWhatIsNotNoted,
    NotesWhatIsNotSynced,
    ForgetsTheFilesUuidsAtStart,
    TrustsJetStreamsIds,
    AcknowledgesWhatWasSent,
    StartsAtTheStreamsEnd,
}

type Event = usize;

/// What happened, to which event, at which stream.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step(&'static str, Option<Event>, Option<usize>);

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)?;
        self.1.map_or(Ok(()), |event| write!(f, ", event {event}"))?;
        self.2.map_or(Ok(()), |stream| write!(f, ", stream {stream}"))
    }
}

/// An event's way.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
struct Delivery {
    attempts: u8,
    /// Whether a node waits for an acknowledgement, and whether it has tried the other stream.
    is_waiting: bool,
    is_hedged: bool,
    is_acknowledged: bool,
    /// Messages on their way to each stream, and acknowledgements on their way back.
    messages: [u8; STREAMS],
    acknowledgements: [u8; STREAMS],
}

/// A stream: what it holds, from the first message that is not purged.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
struct Stream {
    stored: Vec<Event>,
    purged: usize,
    /// The ids that it knows.
    ids: Vec<Event>,
}

/// What the writer has in memory.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
struct Writer {
    /// How many messages of each stream are done.
    position: [usize; STREAMS],
    /// The events whose lines are in the files.
    uuids: Vec<Event>,
    /// A message that was read, and the line, if any, that was written for it and is not synced.
    batch: Option<(usize, Option<Event>)>,
}

/// Everything.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct State {
    deliveries: Vec<Delivery>,
    streams: [Stream; STREAMS],
    writer: Option<Writer>,
    /// On the writer's disk: the lines, and the noted positions.
    lines: Vec<Event>,
    noted: [usize; STREAMS],
    left: Bounds,
}

impl Stream {
    fn end(&self) -> usize {
        self.purged + self.stored.len()
    }

    /// The messages after a position.
    fn after(&self, position: usize) -> &[Event] {
        &self.stored[position.saturating_sub(self.purged).min(self.stored.len())..]
    }
}

impl State {
    pub(crate) fn start(left: Bounds) -> Self {
        Self {
            deliveries: vec![Delivery::default(); left.events],
            streams: Default::default(),
            writer: Some(Writer::default()),
            lines: Vec::new(),
            noted: [0; STREAMS],
            left,
        }
    }

    /// What is wrong: a line that stands twice, or an acknowledged event that is no line and will never be one.
    pub(crate) fn violation(&self) -> Option<String> {
        for (event, delivery) in self.deliveries.iter().enumerate() {
            let lines = self.lines.iter().filter(|line| **line == event).count();
            if lines > 1 {
                return Some(format!("event {event} stands twice"));
            }
            let position = self.writer.as_ref().map_or(self.noted, |writer| writer.position);
            let waits = (0..STREAMS).any(|stream| self.streams[stream].after(position[stream]).contains(&event));
            if delivery.is_acknowledged && lines == 0 && !waits {
                return Some(format!("event {event} was acknowledged and is lost"));
            }
        }
        None
    }

    /// Every step that can come next.
    pub(crate) fn next(&self, flaw: Option<Flaw>) -> Vec<(Step, Self)> {
        let mut next = Vec::new();
        for event in 0..self.deliveries.len() {
            self.nodes_steps(event, flaw, &mut next);
            for stream in 0..STREAMS {
                self.networks_steps(event, stream, &mut next);
            }
        }
        for stream in 0..STREAMS {
            self.streams_steps(stream, flaw, &mut next);
        }
        self.writers_steps(flaw, &mut next);
        next
    }

    fn nodes_steps(&self, event: Event, flaw: Option<Flaw>, next: &mut Vec<(Step, Self)>) {
        let delivery = &self.deliveries[event];
        let home = event % STREAMS;
        let mut add = |name, change: &dyn Fn(&mut Delivery)| {
            let mut state = self.clone();
            change(&mut state.deliveries[event]);
            next.push((Step(name, Some(event), None), state));
        };
        if !delivery.is_waiting && !delivery.is_acknowledged && delivery.attempts < self.left.attempts {
            add("publish", &|delivery| {
                delivery.attempts += 1;
                (delivery.is_waiting, delivery.is_hedged) = (true, false);
                delivery.messages[home] += 1;
                delivery.is_acknowledged |= flaw == Some(Flaw::AcknowledgesWhatWasSent);
            });
        }
        if delivery.is_waiting {
            add("give up", &|delivery| delivery.is_waiting = false);
            if !delivery.is_hedged {
                add("hedge", &|delivery| {
                    delivery.is_hedged = true;
                    delivery.messages[1 - home] += 1;
                });
            }
        }
    }

    fn networks_steps(&self, event: Event, stream: usize, next: &mut Vec<(Step, Self)>) {
        let delivery = &self.deliveries[event];
        if delivery.messages[stream] > 0 {
            let mut state = self.clone();
            state.deliveries[event].messages[stream] -= 1;
            // It arrives, now or much later; it is acknowledged when most servers have it on disk. One that is lost is one that stays
            // on its way for ever, and the same holds for acknowledgements.
            let into = &mut state.streams[stream];
            if !into.ids.contains(&event) {
                into.ids.push(event);
                into.ids.sort_unstable();
                into.stored.push(event);
            }
            state.deliveries[event].acknowledgements[stream] = 1;
            next.push((Step("store", Some(event), Some(stream)), state));
            if self.left.doubles > 0 {
                let mut state = self.clone();
                state.left.doubles -= 1;
                state.deliveries[event].messages[stream] += 1;
                next.push((Step("double", Some(event), Some(stream)), state));
            }
        }
        if delivery.acknowledgements[stream] > 0 {
            let mut state = self.clone();
            let delivery = &mut state.deliveries[event];
            delivery.acknowledgements[stream] = 0;
            delivery.is_acknowledged |= delivery.is_waiting;
            delivery.is_waiting = false;
            next.push((Step("acknowledge", Some(event), Some(stream)), state));
        }
    }

    fn streams_steps(&self, stream: usize, flaw: Option<Flaw>, next: &mut Vec<(Step, Self)>) {
        if self.left.forgets > 0 && !self.streams[stream].ids.is_empty() {
            let mut state = self.clone();
            state.left.forgets -= 1;
            state.streams[stream].ids.clear();
            next.push((Step("forget the ids", None, Some(stream)), state));
        }
        let Some(writer) = &self.writer else { return };
        let up_to = match flaw {
            Some(Flaw::PurgesWhatIsNotNoted) => self.streams[stream].end(),
            _ => self.noted[stream],
        };
        if up_to > self.streams[stream].purged {
            let mut state = self.clone();
            let purged = &mut state.streams[stream];
            purged.stored.drain(..up_to - purged.purged);
            purged.purged = up_to;
            next.push((Step("purge", None, Some(stream)), state));
        }
        let position = match (flaw, writer.batch) {
            (Some(Flaw::NotesWhatIsNotSynced), Some((of, _))) if of == stream => writer.position[stream] + 1,
            _ => writer.position[stream],
        };
        if position > self.noted[stream] {
            let mut state = self.clone();
            state.noted[stream] = position;
            next.push((Step("note", None, Some(stream)), state));
        }
    }

    fn writers_steps(&self, flaw: Option<Flaw>, next: &mut Vec<(Step, Self)>) {
        let Some(writer) = &self.writer else {
            let mut state = self.clone();
            let position = match flaw {
                Some(Flaw::StartsAtTheStreamsEnd) => [self.streams[0].end(), self.streams[1].end()],
                _ => self.noted,
            };
            let uuids = if flaw == Some(Flaw::ForgetsTheFilesUuidsAtStart) { Vec::new() } else { self.lines.clone() };
            state.writer = Some(Writer { position, uuids, batch: None });
            next.push((Step("start the writer", None, None), state));
            return;
        };
        match writer.batch {
            None => {
                for stream in 0..STREAMS {
                    self.read(writer, stream, flaw, next);
                }
            }
            Some((stream, line)) => {
                let mut state = self.clone();
                state.add(line);
                let synced = state.writer.get_or_insert_default();
                synced.batch = None;
                synced.uuids.extend(line);
                synced.uuids.sort_unstable();
                if flaw != Some(Flaw::MovesOnBeforeTheSync) {
                    synced.position[stream] += 1;
                }
                next.push((Step("sync", None, None), state));
            }
        }
        if self.left.crashes > 0 {
            let mut state = self.clone();
            state.left.crashes -= 1;
            state.writer = None;
            next.push((Step("crash", None, None), state.clone()));
            // A line that was written and not synced may be there all the same.
            if let Some((_, Some(line))) = writer.batch {
                state.add(Some(line));
                next.push((Step("crash after the line was written", None, None), state));
            }
        }
    }

    fn read(&self, writer: &Writer, stream: usize, flaw: Option<Flaw>, next: &mut Vec<(Step, Self)>) {
        let Some(&event) = self.streams[stream].after(writer.position[stream]).first() else { return };
        let is_known = writer.uuids.contains(&event) && flaw != Some(Flaw::TrustsJetStreamsIds);
        let mut state = self.clone();
        let reading = state.writer.get_or_insert_default();
        reading.batch = Some((stream, (!is_known).then_some(event)));
        if flaw == Some(Flaw::MovesOnBeforeTheSync) {
            reading.position[stream] += 1;
        }
        next.push((Step("read", Some(event), Some(stream)), state));
    }

    /// Adds a line. Their order says nothing here.
    fn add(&mut self, line: Option<Event>) {
        self.lines.extend(line);
        self.lines.sort_unstable();
    }
}
