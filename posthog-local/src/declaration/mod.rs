//! The shape of `project.toml`, in PostHog's own terms (`posthog/cdp/filters.py`, `webhook.template.ts`, `hogflow.ts`).
//! An unknown key is refused, because it is probably misspelled.

mod error;
mod flag;
mod variables;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::{
    error::DeclarationError,
    flag::{FlagDeclaration, FlagValue},
    variables::Variables,
};
use crate::{ai_events::AiEvents, filters::operator::Operator, json::json_value, persons::PersonState};

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// What happens to the content of `$ai_` events. It is not sent to PostHog, where it is not the user's to set.
    #[serde(default)]
    pub ai_events: AiEvents,
    /// Whether the project allows events without cookies (`$cookieless_mode`). A real project has a setting for it.
    #[serde(default)]
    pub cookieless: bool,
    /// The project's key (`phc_…`). If it is set, flags are refused to any other key, as PostHog does. Events are taken with
    /// any key, because PostHog's capture API looks at its form alone. It is not sent to PostHog.
    pub api_token: Option<String>,
    /// Feature flags with fixed values. They are not sent to PostHog.
    #[serde(default)]
    pub flags: Vec<FlagDeclaration>,
    /// PostHog's destinations.
    #[serde(default)]
    pub destinations: Vec<DestinationDeclaration>,
    /// PostHog's workflows.
    #[serde(default)]
    pub workflows: Vec<WorkflowDeclaration>,
    /// What posthog-local starts with. It is not sent to PostHog.
    #[serde(default)]
    pub seed: SeedDeclaration,
}

/// What posthog-local starts with.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedDeclaration {
    /// The persons to start with. Nothing is sent for them.
    #[serde(default)]
    pub persons: Vec<PersonState>,
}

/// A destination.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DestinationDeclaration {
    /// The name; unique in the file.
    pub name: String,
    /// A description for people.
    pub description: Option<String>,
    /// Whether it runs; true if missing.
    #[serde(default = "on")]
    pub enabled: bool,
    /// The PostHog template that it is made from.
    #[serde(default)]
    pub template_id: TemplateId,
    /// The template's inputs.
    pub inputs: WebhookInputs,
    /// Which events it handles.
    #[serde(default)]
    pub filters: FiltersDeclaration,
    /// Skips repetitions.
    pub masking: Option<MaskingDeclaration>,
}

/// Which repetitions are skipped.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MaskingDeclaration {
    /// A template. Events for which it renders the same text are repetitions.
    pub hash: String,
    /// How long repetitions are skipped, in seconds.
    pub ttl: u64,
    /// Every how many-th repetition is handled nevertheless.
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
    /// The URL that is called.
    pub url: String,
    /// The HTTP method.
    #[serde(default)]
    pub method: Method,
    /// The headers, in order. A header whose value renders empty is not sent.
    #[serde(default)]
    pub headers: IndexMap<String, String>,
    /// The body; PostHog's default body if missing.
    #[serde(default, deserialize_with = "json_value")]
    pub body: Option<Value>,
    /// The key that signs webhooks by Standard Webhooks; unsigned if empty.
    #[serde(default)]
    pub signing_secret: String,
    /// Which of `url`, `headers` and `body` are Liquid templates. The others are Hog's.
    #[serde(default)]
    pub liquid: Vec<LiquidInput>,
}

/// An input that may be a Liquid template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are the inputs of the same names")]
pub enum LiquidInput {
    Url,
    Headers,
    Body,
}

impl WebhookInputs {
    /// Whether the input of this name is a Liquid template.
    pub fn is_liquid(&self, name: &str) -> bool {
        let input = match name {
            "url" => LiquidInput::Url,
            "headers" => LiquidInput::Headers,
            "body" => LiquidInput::Body,
            _ => return false,
        };
        self.liquid.contains(&input)
    }
}

/// The methods of `template-webhook`.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "they are HTTP's methods")]
pub enum Method {
    #[default]
    Post,
    Put,
    Patch,
    Get,
    Delete,
}

impl Method {
    /// The method's name in HTTP.
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

/// Which events match.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FiltersDeclaration {
    /// One of these must match; an empty list matches every event.
    #[serde(default)]
    pub events: Vec<EventDeclaration>,
    /// All of these must match.
    #[serde(default)]
    pub properties: Vec<PropertyDeclaration>,
}

/// An event that matches.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventDeclaration {
    /// The event's name; any event if missing.
    pub id: Option<String>,
    /// All of these must match.
    #[serde(default)]
    pub properties: Vec<PropertyDeclaration>,
}

/// A condition on a property.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PropertyDeclaration {
    /// The property's name.
    pub key: String,
    /// How the property is compared.
    #[serde(default)]
    pub operator: Operator,
    /// The value that it is compared with.
    #[serde(default, deserialize_with = "json_value")]
    pub value: Option<Value>,
    /// Whether it is a property of the event or of the person.
    #[serde(default)]
    pub r#type: PropertyType,
}

/// Whether a condition looks at the event or at the person.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PropertyType {
    /// The event.
    #[default]
    Event,
    /// The person, as the event sees them.
    Person,
}

impl PropertyType {
    /// The name of the global that holds the properties.
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
    /// The key; unique in the file.
    pub key: String,
    /// The name.
    pub name: String,
    /// A description for people.
    pub description: Option<String>,
    /// Whether it runs; true if missing.
    #[serde(default = "on")]
    pub enabled: bool,
    /// What starts a run.
    pub trigger: TriggerDeclaration,
    /// Skips repetitions.
    pub trigger_masking: Option<MaskingDeclaration>,
    /// The steps of a run, in order.
    pub actions: Vec<ActionDeclaration>,
}

/// What starts a run of a workflow.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriggerDeclaration {
    /// The kind of trigger.
    pub r#type: TriggerType,
    /// Which events start a run.
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
    /// The id; unique in the workflow.
    pub id: String,
    /// The name.
    pub name: Option<String>,
    /// The kind of step.
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

/// An e-mail. Every string is a Liquid template, except those of `from`. The names are PostHog's (`cyclotron.ts`).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailDeclaration {
    /// The sender. In PostHog it is an e-mail integration, which has to be verified.
    pub from: AddressDeclaration,
    /// The recipient.
    pub to: AddressDeclaration,
    /// Where answers go; addresses with commas between them.
    #[serde(default, rename = "replyTo")]
    pub reply_to: String,
    /// Who gets a copy; addresses with commas between them.
    #[serde(default)]
    pub cc: String,
    /// Who gets a copy that the others do not see; addresses with commas between them.
    #[serde(default)]
    pub bcc: String,
    /// What a mailbox shows beside the subject.
    #[serde(default)]
    pub preheader: String,
    /// The subject.
    pub subject: String,
    /// The plain-text body.
    #[serde(default)]
    pub text: String,
    /// The HTML body.
    #[serde(default)]
    pub html: String,
}

/// An address.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddressDeclaration {
    /// The e-mail address.
    pub email: String,
    /// The name that is shown with it.
    #[serde(default)]
    pub name: String,
}

/// Reads a declaration's shape. What its templates and filters say is checked later, when they are made ready.
///
/// # Errors
/// The first key that is wrong.
pub fn parse(toml: &str) -> Result<Declaration, DeclarationError> {
    let before =
        |error: &toml::de::Error| error.span().map_or("", |span| toml.get(..span.start).unwrap_or_default()).to_owned();
    let line = |before: &str| before.matches('\n').count() + 1;
    let syntax = |error: toml::de::Error| {
        let before = before(&error);
        let (line, column) = (line(&before), before.lines().last().unwrap_or_default().len() + 1);
        DeclarationError::new("the file is not TOML", format!("line {line}, column {column}: {}", error.message()))
    };
    let deserializer = toml::Deserializer::parse(toml).map_err(syntax)?;
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let (path, error) = (error.path().to_string(), error.into_inner());
        let place = match error.span() {
            Some(_) => format!(" (line {})", line(&before(&error))),
            None => String::new(),
        };
        DeclarationError::new(path, format!("{}{place}", error.message()))
    })
}

/// Destinations and workflows run unless they are disabled.
fn on() -> bool {
    true
}
