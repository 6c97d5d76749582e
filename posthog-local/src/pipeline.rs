//! What happens to a captured event, in this order: its person is found and updated, each destination and each workflow
//! judges it, it is stored for the inspector, and its webhooks and e-mails are queued.
//!
//! Requests are handled one after the other, so that each event sees its person as the events before it left them.
//! Nothing here waits for a receiver: the request is answered before the first webhook is sent, as in PostHog.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use jiff::Timestamp;
use lettre::message::Mailbox;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    ai_events::AiEvents,
    destinations::{
        self, Destination, Prepared,
        delivery::{Deliveries, Delivery, Reservation},
    },
    event::CapturedEvent,
    faults::{Faults, SharedFaults},
    globals::{self, Globals},
    json::Object,
    masking::Mask,
    persons::{PersonState, Persons},
    settings::Secrets,
    store::{DeliveryState, DestinationRun, Email, EmailState, Entry, PersonView, Store, WorkflowRun},
    workflows::{
        Workflow,
        email::{Draft, EmailTemplate},
        smtp::Mailer,
    },
};

/// Too many deliveries are queued; the sender should retry.
#[derive(Debug, Clone, Copy)]
pub struct Overloaded;

/// Handles the events of the capture API.
pub struct Pipeline {
    /// posthog-local's own URL, which every webhook contains.
    pub site: String,
    /// What happens to the content of `$ai_` events.
    pub ai_events: AiEvents,
    /// Whether events without cookies are kept.
    pub cookieless: bool,
    /// The receivers of webhooks.
    pub destinations: Arc<[Destination]>,
    /// The workflows, which send e-mails.
    pub workflows: Vec<Workflow>,
    /// What fails on purpose.
    pub faults: SharedFaults,
    /// Sends webhooks.
    pub deliveries: Deliveries,
    /// Sends e-mails.
    pub mailer: Mailer,
    /// The events and e-mails that the inspector shows.
    pub store: Store,
    /// Masked in what the inspector shows.
    pub secrets: Secrets,
    /// The persons to start with, and to go back to after a reset.
    pub seed: Vec<PersonState>,
    /// Locked for a whole request, so that requests are handled one after the other.
    pub persons: Mutex<Persons>,
}

impl Pipeline {
    /// Handles the events of one request: all, or none.
    ///
    /// # Errors
    /// Too many deliveries are queued already.
    pub fn ingest(&self, events: Vec<CapturedEvent>, payload_bytes: usize) -> Result<(), Overloaded> {
        let reservation =
            self.deliveries.reserve(events.len(), payload_bytes, self.destinations.len()).ok_or(Overloaded)?;
        let mut persons = self.persons.lock().unwrap_or_else(PoisonError::into_inner);
        for mut event in events {
            event.dropped = self.noise(&event);
            let heavy = self.ai_events.prepare(&mut event);
            let person = match event.dropped {
                Some(_) => persons.nobody(&event.distinct_id),
                None => persons.apply(&mut event),
            };
            let mut globals = Globals::new(&self.site, &event, &person);
            let name = globals::person_name(&person, &event.distinct_id);
            let person = PersonView { id: person.id, name, properties: person.properties };
            self.run(event, heavy, person, &mut globals, &reservation);
        }
        Ok(())
    }

    /// Why an event is dropped before anything happens to it: PostHog keeps it elsewhere, or not at all.
    fn noise(&self, event: &CapturedEvent) -> Option<String> {
        let elsewhere = |what: &str| Some(format!("PostHog keeps {what} elsewhere; no destination sees it"));
        match event.event.as_str() {
            "$$heatmap" => elsewhere("the data of heatmaps"),
            "$$client_ingestion_warning" => elsewhere("the warnings of SDKs"),
            _ if event.properties.get("$cookieless_mode") == Some(&Value::Bool(true)) && !self.cookieless => Some(
                "the project does not allow events without cookies; set cookieless = true in project.toml".to_owned(),
            ),
            _ => None,
        }
    }

    fn run(
        &self,
        event: CapturedEvent,
        heavy: Option<Object>,
        person: PersonView,
        globals: &mut Globals,
        reservation: &Reservation,
    ) {
        if event.dropped.is_some() {
            let repeated = self.store.contains(event.uuid);
            self.store.add(Entry::new(event, heavy, person, repeated, Vec::new(), Vec::new()));
            return;
        }
        let (destinations, prepared): (Vec<_>, Vec<_>) = self
            .destinations
            .iter()
            .map(|destination| {
                globals.set_source(destination.name(), "functions/local");
                self.prepare(destination, globals)
            })
            .unzip();
        let (workflows, emails): (Vec<_>, Vec<_>) = self
            .workflows
            .iter()
            .map(|workflow| {
                globals.set_source(workflow.name(), "workflows/local/workflow");
                self.start(workflow, event.uuid, globals)
            })
            .unzip();

        let distinct_id = event.distinct_id.clone();
        let repeated = self.store.contains(event.uuid);
        // The event is stored before its deliveries and e-mails, so that the inspector shows them in this order.
        let runs = self.store.add(Entry::new(event, heavy, person, repeated, destinations, workflows));
        for (destination, (run, prepared)) in runs.into_iter().zip(prepared).enumerate() {
            if let Some(prepared) = prepared {
                let (distinct_id, reservation) = (distinct_id.clone(), reservation.clone());
                self.deliveries.send(Delivery {
                    run,
                    destination,
                    distinct_id,
                    prepared,
                    reservation,
                    since: Instant::now(),
                });
            }
        }
        for (email, draft) in emails.into_iter().flatten() {
            let id = email.id.clone();
            self.store.add_email(email);
            if let Some(Err(reason)) = draft.map(|draft| self.mailer.enqueue(&id, draft)) {
                self.store.email_ended(&id, Err(reason));
            }
        }
    }

    /// What a destination does with the event, and the request to send if it matches.
    fn prepare(&self, destination: &Destination, globals: &Globals) -> (DestinationRun, Option<Prepared>) {
        let verdict = destination.judge(globals);
        let mut run = DestinationRun::new(destination.name().to_owned(), verdict.matched, verdict.why);
        if !run.matched {
            return (run, None);
        }
        if self.faults.current().stopped.iter().any(|stopped| stopped == destination.name()) {
            run.state = DeliveryState::Stopped;
            run.why = format!("{}; but the destination is stopped", run.why);
            return (run, None);
        }
        if let Some(Err(masked)) = destination.mask.as_ref().map(|mask| mask.admit(globals, Timestamp::now())) {
            run.state = DeliveryState::Masked;
            run.why = format!("{}; but {masked}", run.why);
            return (run, None);
        }
        match destination.prepare(globals) {
            Ok(prepared) => {
                run.url = Some(self.secrets.masked(destinations::without_secrets(&prepared.uri)));
                (run, Some(prepared))
            }
            Err(problem) => {
                run.state = DeliveryState::Failed;
                run.why = format!("{}; but {problem}", run.why);
                (run, None)
            }
        }
    }

    /// What a workflow does with the event, and the e-mails of its run. An e-mail that goes to an SMTP server has a
    /// draft.
    fn start(
        &self,
        workflow: &Workflow,
        event_uuid: Uuid,
        globals: &Globals,
    ) -> (WorkflowRun, Vec<(Email, Option<Draft>)>) {
        let mut verdict = workflow.judge(globals);
        let mask = workflow.mask.as_ref().filter(|_| verdict.matched);
        let masked = mask.and_then(|mask| mask.admit(globals, Timestamp::now()).err());
        let templates = if verdict.matched && masked.is_none() { workflow.emails() } else { &[] };
        if let Some(masked) = &masked {
            verdict.why = format!("{}; but {masked}", verdict.why);
        }
        let emails: Vec<_> =
            templates.iter().map(|template| self.email(workflow.name(), template, event_uuid, globals)).collect();
        let run = WorkflowRun {
            name: workflow.name().to_owned(),
            matched: verdict.matched,
            why: verdict.why,
            emails: emails.iter().map(|(email, _)| email.run()).collect(),
            masked: masked.is_some(),
        };
        (run, emails)
    }

    fn email(
        &self,
        workflow: &str,
        template: &EmailTemplate,
        event_uuid: Uuid,
        globals: &Globals,
    ) -> (Email, Option<Draft>) {
        let mut email = Email {
            id: Uuid::now_v7().to_string(),
            event_uuid,
            workflow: workflow.to_owned(),
            from: template.from().to_string(),
            to: None,
            reply_to: Vec::new(),
            cc: Vec::new(),
            bcc: Vec::new(),
            preheader: String::new(),
            subject: String::new(),
            text: String::new(),
            html: String::new(),
            created_at: Timestamp::now(),
            sent_at: None,
            state: EmailState::Sending,
            reason: None,
        };
        let draft = match template.render(globals) {
            Ok(draft) => draft,
            Err(reason) => {
                email.end(Err(reason));
                return (email, None);
            }
        };
        email.to = Some(draft.to.email.to_string());
        let texts = |mailboxes: &[Mailbox]| mailboxes.iter().map(ToString::to_string).collect();
        (email.reply_to, email.cc, email.bcc) = (texts(&draft.reply_to), texts(&draft.cc), texts(&draft.bcc));
        (email.subject, email.preheader) = (draft.subject.clone(), draft.preheader.clone());
        (email.text, email.html) = (draft.text.clone(), draft.html.clone());
        if self.mailer.is_mailbox_only() {
            email.end(Ok(()));
            return (email, None);
        }
        (email, Some(draft))
    }

    /// Replaces all persons and events. Nothing is sent for them.
    pub fn replace(&self, people: Persons, entries: Vec<Entry>) {
        let mut persons = self.persons.lock().unwrap_or_else(PoisonError::into_inner);
        *persons = people;
        self.store.reset();
        for entry in entries {
            self.store.add(entry);
        }
    }

    /// Sets what fails on purpose from now on.
    ///
    /// # Errors
    /// A field is out of its bounds.
    pub fn set_faults(&self, faults: Faults) -> Result<(), String> {
        faults.check(self.destinations.iter().map(Destination::name))?;
        self.faults.set(faults);
        self.store.faults_changed(&self.faults_json());
        Ok(())
    }

    /// What fails on purpose now, as it was set and in words, and which destinations can be stopped.
    pub fn faults_json(&self) -> Value {
        let faults = self.faults.current();
        let destinations: Vec<_> = self.destinations.iter().map(Destination::name).collect();
        json!({ "faults": *faults, "on": faults.descriptions(), "destinations": destinations })
    }

    /// Goes back to the seed: removes all events, e-mails, persons and faults, and cancels queued deliveries.
    pub fn reset(&self) {
        let mut persons = self.persons.lock().unwrap_or_else(PoisonError::into_inner);
        *persons = Persons::seeded(&self.seed);
        self.faults.set(Faults::default());
        let masks = self.destinations.iter().filter_map(|destination| destination.mask.as_ref());
        masks.chain(self.workflows.iter().filter_map(|workflow| workflow.mask.as_ref())).for_each(Mask::reset);
        self.store.reset();
        self.store.faults_changed(&self.faults_json());
    }
}
