//! A model of the hand-over from a node to the files, and a search through all its states: an event that was acknowledged once is one
//! line, whatever is lost, doubled or late, whoever crashes, and although JetStream forgets its ids. Each flaw that the model can be
//! given must be found.
//!
//! `stateright` searches in the same way. It is not used: of its dependencies (an HTTP server, a map for threads, a command line) none
//! is needed here, and the search is 60 lines.

mod model;
mod search;

use model::{Bounds, Flaw, State, Step};
use search::{Found, search};

#[test]
fn an_event_that_was_acknowledged_is_one_line_in_every_state() {
    for bounds in [
        // Every fault may come twice, to one event.
        Bounds { events: 1, attempts: 2, doubles: 1, crashes: 2, forgets: 1 },
        // Two events share the streams, the batch and the position.
        Bounds { events: 2, attempts: 1, doubles: 0, crashes: 1, forgets: 0 },
    ] {
        match search(State::start(bounds), |state| state.next(None), State::violation) {
            Found::Nothing { states } => {
                println!("{bounds:?}: {states} states");
                assert!(states > 1_000, "the model does nothing");
            }
            Found::Violation { what, steps } => panic!("{what}: {}", in_words(&steps)),
        }
    }
}

#[test]
fn each_flaw_is_found() {
    let bounds = Bounds { events: 1, attempts: 2, doubles: 1, crashes: 2, forgets: 1 };
    for (flaw, expected) in [
        (Flaw::MovesOnBeforeTheSync, "lost"),
        (Flaw::PurgesWhatIsNotNoted, "lost"),
        (Flaw::NotesWhatIsNotSynced, "lost"),
        (Flaw::ForgetsTheFilesUuidsAtStart, "twice"),
        (Flaw::TrustsJetStreamsIds, "twice"),
        (Flaw::AcknowledgesWhatWasSent, "lost"),
        (Flaw::StartsAtTheStreamsEnd, "lost"),
    ] {
        match search(State::start(bounds), |state| state.next(Some(flaw)), State::violation) {
            Found::Violation { what, steps } => {
                println!("{flaw:?}: {what} after {} steps: {}", steps.len(), in_words(&steps));
                assert!(what.contains(expected), "{flaw:?}: {what}");
            }
            Found::Nothing { states } => panic!("{flaw:?} is not found in {states} states"),
        }
    }
}

fn in_words(steps: &[Step]) -> String {
    steps.iter().map(Step::to_string).collect::<Vec<_>>().join("; ")
}
