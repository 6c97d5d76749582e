//! Delivers events as PostHog does: three attempts, with waits that grow by a second, each given up after 3 s
//! (`nodejs/src/cdp/utils/cdp-fetch.ts`). In front of the nodes stands a balancer: a connection that is refused or breaks goes to the
//! next node at once.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use crate::helpers::event;

const ATTEMPTS_MAX: u32 = 3;
const TIMEOUT: Duration = Duration::from_secs(3);
const RETRIED: [u16; 6] = [408, 429, 500, 502, 503, 504];

/// Where the nodes listen now. A node that is down has the address where it listened.
pub(crate) type Nodes = Arc<Mutex<Vec<String>>>;

/// What became of the events.
#[derive(Default)]
pub(crate) struct Outcomes {
    pub(crate) acknowledged: BTreeSet<u32>,
    pub(crate) given_up: BTreeSet<u32>,
    /// The longest time that an answer of 200 took.
    pub(crate) worst: Duration,
    /// Answers that were no 200, and attempts without an answer.
    pub(crate) refused: u32,
    pub(crate) unanswered: u32,
}

/// Threads that deliver one event after the other.
pub(crate) struct Load {
    threads: Vec<JoinHandle<()>>,
    is_over: Arc<AtomicBool>,
    outcomes: Arc<Mutex<Outcomes>>,
}

impl Load {
    /// Starts so many threads; event numbers come from `next`.
    pub(crate) fn start(nodes: &Nodes, in_flight: usize, next: &Arc<AtomicU32>) -> Self {
        let (is_over, outcomes) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Outcomes::default())));
        let threads = (0..in_flight).map(|_| {
            let (nodes, next, is_over, outcomes) = (nodes.clone(), next.clone(), is_over.clone(), outcomes.clone());
            thread::spawn(move || {
                let agent = agent();
                while !is_over.load(Ordering::Relaxed) {
                    deliver(&agent, &nodes, next.fetch_add(1, Ordering::Relaxed), &outcomes);
                }
            })
        });
        Self { threads: threads.collect(), is_over, outcomes }
    }

    pub(crate) fn acknowledged(&self) -> usize {
        self.outcomes.lock().unwrap().acknowledged.len()
    }

    /// What became of the events since it was asked last.
    pub(crate) fn take(&self) -> Outcomes {
        std::mem::take(&mut self.outcomes.lock().unwrap())
    }

    pub(crate) fn stop(self) -> Outcomes {
        self.is_over.store(true, Ordering::Relaxed);
        self.threads.into_iter().for_each(|thread| thread.join().unwrap());
        std::mem::take(&mut self.outcomes.lock().unwrap())
    }
}

/// Delivers an event until it is taken, whatever it takes: what a pull does for those that PostHog gave up.
pub(crate) fn deliver_again(nodes: &Nodes, numbers: &BTreeSet<u32>) -> BTreeSet<u32> {
    let (agent, outcomes) = (agent(), Mutex::new(Outcomes::default()));
    for number in numbers {
        for _ in 0..5 {
            deliver(&agent, nodes, *number, &outcomes);
            if outcomes.lock().unwrap().acknowledged.contains(number) {
                break;
            }
        }
    }
    outcomes.into_inner().unwrap().acknowledged
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(TIMEOUT)).proxy(None);
    config.build().new_agent()
}

fn deliver(agent: &ureq::Agent, nodes: &Nodes, number: u32, outcomes: &Mutex<Outcomes>) {
    let prompt = "a prompt of jane@example.com ".repeat(number as usize % 20 + 1);
    let body = event(number, &prompt).to_string();
    for attempt in 1..=ATTEMPTS_MAX {
        let started = Instant::now();
        let answer = by_balancer(agent, nodes, number + attempt, &body);
        let took = started.elapsed();
        let mut outcomes = outcomes.lock().unwrap();
        match answer {
            Some(200) => {
                outcomes.acknowledged.insert(number);
                outcomes.worst = outcomes.worst.max(took);
                return;
            }
            Some(status) => {
                assert!(RETRIED.contains(&status), "event {number} was answered {status}");
                outcomes.refused += 1;
            }
            None => outcomes.unanswered += 1,
        }
        if attempt == ATTEMPTS_MAX {
            outcomes.given_up.insert(number);
            return;
        }
        drop(outcomes);
        // The random part of PostHog's wait.
        let jitter = u64::from(number.wrapping_mul(2_654_435_761).wrapping_add(attempt) % 1_000);
        thread::sleep(Duration::from_millis(1_000 * u64::from(attempt) + jitter));
    }
}

/// The status; `None` when no node answered in time.
fn by_balancer(agent: &ureq::Agent, nodes: &Nodes, turn: u32, body: &str) -> Option<u16> {
    let nodes = nodes.lock().unwrap().clone();
    for step in 0..nodes.len() {
        let url = format!("http://{}/api/webhooks", nodes[(turn as usize + step) % nodes.len()]);
        match agent.post(url).send(body) {
            Ok(answer) => return Some(answer.status().as_u16()),
            Err(ureq::Error::Timeout(_)) => return None,
            // Refused or broken.
            Err(_) => {}
        }
    }
    None
}
