//! Workflows: an event starts a run, and a run sends e-mails. Each matching event starts one, as in PostHog.
//!
//! [`liquid`] fills in the templates, [`email`] makes the e-mail of them, [`smtp`] sends it on, if there is where to.

pub mod email;
pub mod liquid;
pub mod smtp;

use self::email::EmailTemplate;
use crate::{
    filters::{Filters, Verdict},
    globals::Globals,
    project::{ProjectError, declaration::WorkflowDeclaration},
};

/// A workflow, ready to run.
pub struct Workflow {
    name: String,
    filters: Filters,
    emails: Vec<EmailTemplate>,
}

impl Workflow {
    /// Makes a declared workflow ready. `key` is its place in the declaration.
    ///
    /// # Errors
    /// The key that is wrong.
    pub fn new(declared: &WorkflowDeclaration, key: &str) -> Result<Self, ProjectError> {
        let emails = declared.actions.iter().enumerate();
        Ok(Self {
            name: declared.name.clone(),
            filters: Filters::new(&declared.trigger.filters, &format!("{key}.trigger.filters"))?,
            emails: emails
                .map(|(n, action)| {
                    EmailTemplate::new(&action.inputs.email, &format!("{key}.actions[{n}].inputs.email"))
                })
                .collect::<Result<_, _>>()?,
        })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the event starts a run.
    pub fn judge(&self, globals: &Globals) -> Verdict {
        self.filters.judge(globals)
    }

    /// The e-mails that a run sends.
    pub fn emails(&self) -> &[EmailTemplate] {
        &self.emails
    }
}
