//! The steps of a pull, from one project to one destination.

use std::collections::HashMap;

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use log::warn;
use uuid::Uuid;

use super::{
    content::{Contents, Fetched, Wanted, time_of},
    counts::Counts,
    cursor::Cursor,
    destination::Destination,
    given::Given,
    light::{self, LightEvent, LightEvents, UUIDS_MAX},
    successes::{Anchor, Anchors},
    waiting::Waiting,
};
use crate::{
    event,
    events_table::{Content, EventsTable},
    posthog::{AskError, Project},
};

/// How far back each pull looks for events that PostHog's tables showed late.
pub(super) const OVERLAP: SignedDuration = SignedDuration::from_hours(1);
/// How long an event is known that was pulled as a success: around a failure an hour back and forth, and the overlap.
const SUCCESSES_KNOWN: SignedDuration = SignedDuration::from_hours(4);
/// The most bytes of bodies that are given at once.
const GIVEN_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Pulls events from one project.
pub(super) struct Puller {
    project: Project,
    table: EventsTable,
    light: LightEvents,
    destination: Destination,
    pub(super) counts: Counts,
    /// When PostHog took the events that this process has dealt with, by their uuids: those of the overlap, which are not asked for
    /// again.
    known: HashMap<Uuid, Timestamp>,
    /// `None` when no successes are wanted.
    anchors: Option<PullerAnchors>,
}

/// The failures and verdicts whose successes are wanted: those of the page under way, and those before.
#[derive(Default)]
struct PullerAnchors {
    new: Anchors,
    asked: Anchors,
}

impl Puller {
    pub(super) fn new(
        project: Project,
        table: EventsTable,
        destination: Destination,
        counts: Counts,
        with_successes: bool,
    ) -> Self {
        let anchors = with_successes.then(PullerAnchors::default);
        Self { light: LightEvents::of(&table), project, table, destination, counts, known: HashMap::new(), anchors }
    }

    /// Whether nothing was taken in this process.
    pub(super) fn is_fresh(&self) -> bool {
        self.known.is_empty()
    }

    /// Takes what PostHog took from `since` on and before `until`, page by page. After each page `keep` is told the time up to which
    /// everything was taken.
    ///
    /// # Errors
    /// When PostHog or the destination does not answer, or `keep` fails. What was taken by then stays taken.
    pub(super) fn pull(
        &mut self,
        since: Timestamp,
        until: Timestamp,
        waiting: &mut Waiting,
        mut keep: impl FnMut(Timestamp, &Waiting) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut cursor = Cursor::new(since);
        loop {
            let page = self.light.page(&self.project, &mut cursor, until)?;
            self.counts.too_large(page.too_large);
            let last = page.events.iter().map(|event| event.created_at).max();
            self.take(page.events, waiting)?;
            self.take_new_successes(waiting)?;
            if let Some(last) = last {
                let known = if self.anchors.is_some() { SUCCESSES_KNOWN } else { OVERLAP };
                let overlap = last.saturating_sub(known)?;
                self.known.retain(|_, created_at| *created_at >= overlap);
                keep(last, waiting)?;
            }
            if page.is_last {
                return Ok(());
            }
        }
    }

    /// Takes the events that PostHog's tables showed late: those of the overlap that this process does not know.
    ///
    /// # Errors
    /// As [`Self::pull`].
    pub(super) fn pull_late(&mut self, taken_until: Timestamp, waiting: &mut Waiting) -> anyhow::Result<()> {
        let from = taken_until.saturating_sub(OVERLAP)?;
        let shown = self.light.uuids(&self.project, from, taken_until)?;
        let late: Vec<_> = shown.into_iter().filter(|(uuid, _)| !self.is_known(uuid)).collect();
        self.take_by_uuid(&late, waiting)
    }

    /// Asks again for the events whose content was not there.
    ///
    /// # Errors
    /// As [`Self::pull`].
    pub(super) fn pull_waiting(&mut self, waiting: &mut Waiting, now: Timestamp) -> anyhow::Result<()> {
        for uuid in waiting.give_up(now) {
            warn!("{uuid}: given up, for its content has not come in a day");
            self.counts.given_up();
        }
        let asked = waiting.by_time();
        self.take_by_uuid(&asked, waiting)
    }

    /// Asks again for the successes around the failures of the last hours: a retry may come an hour later.
    ///
    /// # Errors
    /// As [`Self::pull`].
    pub(super) fn pull_successes(&mut self, waiting: &mut Waiting, now: Timestamp) -> anyhow::Result<()> {
        self.take_new_successes(waiting)?;
        let Some(anchors) = &mut self.anchors else { return Ok(()) };
        anchors.asked.forget_old(now);
        let mut asked = std::mem::take(&mut anchors.asked);
        let taken = self.take_successes_near(&mut asked, waiting);
        if let Some(anchors) = &mut self.anchors {
            anchors.asked.append(asked);
        }
        taken
    }

    /// Asks for the successes around the failures that were taken just now.
    fn take_new_successes(&mut self, waiting: &mut Waiting) -> anyhow::Result<()> {
        let Some(anchors) = &mut self.anchors else { return Ok(()) };
        let mut new = std::mem::take(&mut anchors.new);
        let taken = self.take_successes_near(&mut new, waiting);
        if let Some(anchors) = &mut self.anchors {
            anchors.asked.append(new);
        }
        taken
    }

    fn take_successes_near(&mut self, anchors: &mut Anchors, waiting: &mut Waiting) -> anyhow::Result<()> {
        let found = anchors.successes(&self.project, &self.table)?;
        let new: Vec<_> = found.into_iter().filter(|(uuid, _)| !self.is_known(uuid)).collect();
        self.each_by_uuid(&new, waiting, |puller, events, waiting| {
            let mut wanted = Vec::new();
            for mut event in events {
                event.is_wanted_success = true;
                let body = event.to_body(&[], None)?;
                let ties =
                    event::parse(body.as_bytes(), None, Uuid::nil).ok().and_then(|event| puller.table.ties_of(&event));
                if ties.is_some_and(|ties| anchors.are_near(&ties, time_of(&event))) {
                    wanted.push(event);
                }
            }
            puller.take(wanted, waiting)
        })
    }

    /// Takes events that are known by their uuids and their own times.
    fn take_by_uuid(&mut self, events: &[(String, Timestamp)], waiting: &mut Waiting) -> anyhow::Result<()> {
        self.each_by_uuid(events, waiting, Self::take)
    }

    fn each_by_uuid(
        &mut self,
        events: &[(String, Timestamp)],
        waiting: &mut Waiting,
        mut take: impl FnMut(&mut Self, Vec<LightEvent>, &mut Waiting) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut rest: Vec<_> = events.chunks(UUIDS_MAX).collect();
        rest.reverse();
        while let Some(asked) = rest.pop() {
            let uuids: Vec<_> = asked.iter().map(|(uuid, _)| uuid.as_str()).collect();
            let times = asked.iter().map(|(_, time)| *time);
            let (Some(from), Some(to)) = (times.clone().min(), times.max()) else { continue };
            // PostHog is asked in milliseconds, and may know microseconds.
            match light::by_uuid(&self.project, &uuids, from, to.saturating_add(SignedDuration::from_secs(1))?) {
                Ok(events) => take(self, events, waiting)?,
                Err(AskError::TooLong) if asked.len() > 1 => {
                    let (first, second) = asked.split_at(asked.len() / 2);
                    rest.extend([second, first]);
                }
                Err(AskError::TooLong) => {
                    warn!("{}: passed by, for PostHog's answer with it is too large to be read", asked[0].0);
                    self.counts.too_large(1);
                    waiting.remove(&asked[0].0);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Gives the destination those events that are kept, each with its content. What has none yet waits.
    fn take(&mut self, events: Vec<LightEvent>, waiting: &mut Waiting) -> anyhow::Result<()> {
        let mut ready = Bodies::default();
        let mut wanted = Vec::new();
        for mut event in events {
            if self.is_known(&event.uuid) && !waiting.contains(&event.uuid) {
                continue;
            }
            event.is_wanted_success |= waiting.is_wanted_success(&event.uuid);
            let body = event.to_body(&[], None)?;
            let content = match event::parse(body.as_bytes(), None, Uuid::nil) {
                Ok(parsed) => {
                    let ties = self.table.ties_of(&parsed).filter(|_| !event.is_wanted_success);
                    if let (Some(ties), Some(anchors)) = (ties, &mut self.anchors) {
                        anchors.new.add(Anchor { ties, time: time_of(&event), created_at: event.created_at });
                    }
                    self.table.content_of(&parsed)
                }
                // Its properties are no object: the service says so.
                Err(_) => Content::Here,
            };
            match content {
                Content::Here => {
                    ready.add(&event, body);
                    if ready.bytes >= GIVEN_BYTES_MAX {
                        self.give(&mut ready, waiting)?;
                    }
                }
                Content::Nowhere(reason) => {
                    self.ended(&event.uuid, event.created_at, Given::ignored(reason), waiting)?
                }
                content => wanted.push(Wanted { event, content }),
            }
        }
        self.give(&mut ready, waiting)?;
        self.take_with_content(wanted, waiting)
    }

    fn take_with_content(&mut self, wanted: Vec<Wanted>, waiting: &mut Waiting) -> anyhow::Result<()> {
        let (project, table) = (self.project.clone(), self.table.clone());
        let contents = Contents::new(&project, &table);
        contents.each(wanted, |fetched| {
            let mut ready = Bodies::default();
            for (event, fetched) in fetched {
                match fetched {
                    Fetched::Body(body) => ready.add(&event, body),
                    Fetched::TooLarge => {
                        self.counts.too_large(1);
                        self.known(&event.uuid, event.created_at)?;
                        waiting.remove(&event.uuid);
                    }
                    Fetched::NotYet => {
                        self.counts.no_content_yet();
                        self.known(&event.uuid, event.created_at)?;
                        if !waiting.add(&event.uuid, time_of(&event), Timestamp::now()) {
                            warn!("{}: given up, for too many events wait for their content", event.uuid);
                            self.counts.given_up();
                        }
                        if event.is_wanted_success {
                            waiting.want_success(&event.uuid);
                        }
                    }
                }
            }
            self.give(&mut ready, waiting)
        })
    }

    fn give(&mut self, ready: &mut Bodies, waiting: &mut Waiting) -> anyhow::Result<()> {
        let ready = std::mem::take(ready);
        let given = self.destination.give(&ready.bodies)?;
        for ((uuid, created_at), given) in ready.events.into_iter().zip(given) {
            self.ended(&uuid, created_at, given, waiting)?;
        }
        Ok(())
    }

    /// An event needs nothing more.
    fn ended(&mut self, uuid: &str, created_at: Timestamp, given: Given, waiting: &mut Waiting) -> anyhow::Result<()> {
        if let Given::Refused(why) = &given {
            warn!("{uuid}: refused, {why}");
        }
        self.counts.given(&given);
        waiting.remove(uuid);
        self.known(uuid, created_at)
    }

    fn is_known(&self, uuid: &str) -> bool {
        uuid.parse().is_ok_and(|uuid: Uuid| self.known.contains_key(&uuid))
    }

    fn known(&mut self, uuid: &str, created_at: Timestamp) -> anyhow::Result<()> {
        self.known.insert(uuid.parse().context("PostHog's uuid is none")?, created_at);
        Ok(())
    }
}

/// Bodies that are to be given, and whose they are.
#[derive(Default)]
struct Bodies {
    events: Vec<(String, Timestamp)>,
    bodies: Vec<String>,
    bytes: usize,
}

impl Bodies {
    fn add(&mut self, event: &LightEvent, body: String) {
        self.bytes += body.len();
        self.events.push((event.uuid.clone(), event.created_at));
        self.bodies.push(body);
    }
}
