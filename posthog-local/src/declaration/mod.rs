//! The shape of `project.toml`, in PostHog's own terms (`posthog/cdp/filters.py`, `webhook.template.ts`, `hogflow.ts`).
//! An unknown key is refused: it is a misspelled one.

mod error;
mod variables;

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

pub use self::{error::DeclarationError, variables::Variables};
use crate::{filters::operator::Operator, persons::PersonState};

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// PostHog's destinations.
    #[serde(default)]
    pub destinations: Vec<DestinationDeclaration>,
    /// PostHog's workflows.
    #[serde(default)]
    pub workflows: Vec<WorkflowDeclaration>,
    /// What posthog-local knows from the start. (PostHog is not told.)
    #[serde(default)]
    pub seed: SeedDeclaration,
}

/// What is there from the start.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedDeclaration {
    /// Persons; nothing is sent for them.
    #[serde(default)]
    pub persons: Vec<PersonState>,
}

/// A destination.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DestinationDeclaration {
    /// Its name, once in the file.
    pub name: String,
    /// For people to read.
    pub description: Option<String>,
    /// Whether it runs.
    #[serde(default = "on")]
    pub enabled: bool,
    /// Which of PostHog's templates it is made from.
    #[serde(default)]
    pub template_id: TemplateId,
    /// The template's inputs.
    pub inputs: WebhookInputs,
    /// Which events it wants.
    #[serde(default)]
    pub filters: FiltersDeclaration,
    /// Leaves out repetitions.
    pub masking: Option<MaskingDeclaration>,
}

/// Which repetitions are left out.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MaskingDeclaration {
    /// A template; events that make the same text of it are repetitions.
    pub hash: String,
    /// For how long, in seconds.
    pub ttl: u64,
    /// Every how many-th is let through nevertheless.
    pub threshold: Option<u32>,
}

/// The templates that posthog-local knows.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub enum TemplateId {
    /// PostHog's "HTTP Webhook".
    #[default]
    #[serde(rename = "template-webhook")]
    Webhook,
}

/// Inputs of `template-webhook`. Every string in them is a template.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookInputs {
    /// Where to post.
    pub url: String,
    /// How.
    #[serde(default)]
    pub method: Method,
    /// Headers, in order.
    #[serde(default)]
    pub headers: IndexMap<String, String>,
    /// The body; without one it is PostHog's default.
    #[serde(default, deserialize_with = "json_value")]
    pub body: Option<Value>,
    /// Signs by Standard Webhooks when it is not empty.
    #[serde(default)]
    pub signing_secret: String,
}

/// The methods of `template-webhook`.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "they are HTTP's")]
pub enum Method {
    #[default]
    Post,
    Put,
    Patch,
    Get,
    Delete,
}

impl Method {
    /// HTTP's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Get => "GET",
            Self::Delete => "DELETE",
        }
    }
}

/// Which events are wanted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FiltersDeclaration {
    /// One must match; an empty list wants every event.
    #[serde(default)]
    pub events: Vec<EventDeclaration>,
    /// All must match.
    #[serde(default)]
    pub properties: Vec<PropertyDeclaration>,
}

/// A wanted event.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventDeclaration {
    /// The event's name; left out, it is every event.
    pub id: Option<String>,
    /// All must match.
    #[serde(default)]
    pub properties: Vec<PropertyDeclaration>,
}

/// A condition on a property.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PropertyDeclaration {
    /// The property's name.
    pub key: String,
    /// How it is compared.
    #[serde(default)]
    pub operator: Operator,
    /// What with.
    #[serde(default, deserialize_with = "json_value")]
    pub value: Option<Value>,
    /// Whose property.
    #[serde(default)]
    pub r#type: PropertyType,
}

/// Whose property a condition looks at.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PropertyType {
    /// The event's.
    #[default]
    Event,
    /// The person's, at that event.
    Person,
}

impl PropertyType {
    /// The global that holds the properties.
    pub fn root(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Person => "person",
        }
    }
}

/// A workflow.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkflowDeclaration {
    /// Its key, once in the file.
    pub key: String,
    /// Its name.
    pub name: String,
    /// For people to read.
    pub description: Option<String>,
    /// Whether it runs.
    #[serde(default = "on")]
    pub enabled: bool,
    /// What starts it.
    pub trigger: TriggerDeclaration,
    /// Leaves out repetitions.
    pub trigger_masking: Option<MaskingDeclaration>,
    /// What it does, in order.
    pub actions: Vec<ActionDeclaration>,
}

/// A workflow's start.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriggerDeclaration {
    /// What kind of start.
    pub r#type: TriggerType,
    /// Which events start it.
    pub filters: FiltersDeclaration,
}

/// The triggers that posthog-local knows.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerType {
    /// Each matching event starts a run.
    Event,
}

/// A step of a workflow.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionDeclaration {
    /// Its id within the workflow.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// What kind of step.
    pub r#type: ActionType,
    /// The step's inputs.
    pub inputs: EmailInputs,
}

/// The actions that posthog-local knows.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionType {
    /// Sends an e-mail.
    FunctionEmail,
}

/// Inputs of `function_email`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailInputs {
    /// The e-mail.
    pub email: EmailDeclaration,
}

/// An e-mail; every string but those of `from` is a Liquid template.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailDeclaration {
    /// The sender. (In PostHog it is the number of a verified integration.)
    pub from: AddressDeclaration,
    /// The addressee.
    pub to: AddressDeclaration,
    /// The subject.
    pub subject: String,
    /// The plain text.
    #[serde(default)]
    pub text: String,
    /// The HTML.
    #[serde(default)]
    pub html: String,
}

/// An address.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddressDeclaration {
    /// The address itself.
    pub email: String,
    /// The name beside it.
    #[serde(default)]
    pub name: String,
}

/// Reads a declaration's shape. What its templates and filters say is checked later, when they are made ready.
///
/// # Errors
/// The first key that is wrong.
pub fn parse(toml: &str) -> Result<Declaration, DeclarationError> {
    let syntax = |error: toml::de::Error| DeclarationError::new("the file is not TOML", error.to_string());
    let deserializer = toml::Deserializer::parse(toml).map_err(syntax)?;
    serde_path_to_error::deserialize(deserializer)
        .map_err(|error| DeclarationError::new(error.path().to_string(), error.inner().message()))
}

/// Destinations and workflows run unless they are disabled.
fn on() -> bool {
    true
}

/// Reads a TOML value as JSON, because filters and bodies are made of JSON.
fn json_value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
