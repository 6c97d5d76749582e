//! Workflows: each matching event starts a run, and a run sends e-mails. As in PostHog, `trigger_masking` may skip
//! repetitions.
//!
//! [`email`] makes the e-mail from [`liquid`](crate::liquid) templates, and [`smtp`] sends it if a server is set.

pub mod email;
pub mod smtp;

use self::email::EmailTemplate;
use crate::{
    declaration::{DeclarationError, Variables, WorkflowDeclaration},
    filters::{Filters, Verdict},
    globals::Globals,
    masking::{self, Mask},
};

/// A workflow, ready to run.
pub struct Workflow {
    name: String,
    filters: Filters,
    /// Skips repetitions, if declared.
    pub mask: Option<Mask>,
    emails: Vec<EmailTemplate>,
}

impl Workflow {
    /// Makes a declared workflow ready. `key` is its place in the declaration, for errors.
    ///
    /// # Errors
    /// The first key that is wrong.
    pub fn new(declared: &WorkflowDeclaration, key: &str, variables: &Variables) -> Result<Self, DeclarationError> {
        let emails = declared.actions.iter().enumerate();
        Ok(Self {
            name: declared.name.clone(),
            filters: Filters::new(&declared.trigger.filters, &format!("{key}.trigger.filters"))?,
            mask: declared
                .trigger_masking
                .as_ref()
                .map(|mask| Mask::new(mask, &format!("{key}.trigger_masking"), masking::WORKFLOW_TTL_S, variables))
                .transpose()?,
            emails: emails
                .map(|(n, action)| {
                    EmailTemplate::new(&action.inputs.email, &format!("{key}.actions[{n}].inputs.email"))
                })
                .collect::<Result<_, _>>()?,
        })
    }

    /// The name.
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
