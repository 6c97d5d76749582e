//! Recognises identifiers that identify no person and open nothing: names of models, and the ids that model APIs give to requests,
//! files, projects and the like. Messages about keys are full of them ("your API key does not have access to gpt-4o-2024-08-06"),
//! and whoever looks into a failure needs them.

use std::sync::LazyLock;

use crate::scan::char_classes;

/// Families of models, in alphabetical order and in lower case.
const FAMILIES: &str = "\
    babbage baichuan bert bge bison bloom chatglm chatgpt claude codegemma codellama codestral codex cogito cohere command \
    curie dall davinci dbrx deepseek devstral diffusion doubao embed embedding ernie exaone falcon flan flux gecko gemini \
    gemma glm gpt granite grok gte hermes hunyuan imagen internlm jamba jurassic kimi lfm llama llava magistral maverick \
    minilm minimax ministral mistral mixtral moderation moonshot mpnet mpt nemotron nova o1 o3 o4 olmo omni opus palm phi \
    pixtral qvq qwen qwq rerank roberta scout sdxl smollm solar sonar sonnet starcoder titan tts vicuna whisper yi";
/// Prefixes of ids, in alphabetical order: those of the APIs of OpenAI, Anthropic and OpenRouter.
const ID_PREFIXES: &str = "\
    asst_ batch_ call_ chatcmpl- cmpl- evalrun_ eval_ fc_ file- file_ ftjob- gen- modr- msg_ msgbatch_ org- org_ proj_ \
    req- req_ resp_ rs_ run_ sess_ step_ thread_ toolu_ toolu_bdrk_ trace_ upload_ vs_ vsfb_ wrkspc_ ws_";
static FAMILIES_IN_ORDER: LazyLock<Vec<&str>> = LazyLock::new(|| FAMILIES.split_whitespace().collect());
static ID_PREFIX_LIST: LazyLock<Vec<&str>> = LazyLock::new(|| ID_PREFIXES.split_whitespace().collect());
/// The fewest and the most bytes of an id behind its prefix.
const ID_BYTES: std::ops::RangeInclusive<usize> = 8..=64;

/// Whether a value is the name of a model, or an id with the prefix of a kind of object. A full stop may end the sentence.
pub(crate) fn is_public_id(value: &[u8]) -> bool {
    let value = value.strip_suffix(b".").unwrap_or(value);
    is_model(value) || has_id_prefix(value) || is_account_id(value)
}

/// Whether a value is the id of an account of Twilio or of an application of Square. Both stand beside the secret and are shown to anybody.
fn is_account_id(value: &[u8]) -> bool {
    let is_twilio = |id: &[u8]| id.len() == 32 && id.iter().all(u8::is_ascii_hexdigit);
    let is_square =
        |id: &[u8]| id.len() == 22 && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(byte));
    value.strip_prefix(b"AC").is_some_and(is_twilio) || value.strip_prefix(b"sq0idp-").is_some_and(is_square)
}

/// Whether a value is the name of a model: `gpt-4o-2024-08-06`, `meta-llama/Llama-3.3-70B-Instruct`. One part is a family of models,
/// and each other part is a word, a number, or a short mix of both as `70b`.
fn is_model(value: &[u8]) -> bool {
    let parts = || value.split(|byte| !byte.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts().count() > 1 && parts().all(is_word_or_number) && parts().any(is_family)
}

/// `Instruct`, `20241022`, `70B`, `8x7B`, `eastus2`. A longer mix of letters and digits is not written by people.
fn is_word_or_number(part: &[u8]) -> bool {
    const NUMBER_BYTES_MAX: usize = 8;
    const WORD_BYTES_MAX: usize = 16;
    const MIX_BYTES_MAX: usize = 10;
    let (digits, changes) = (char_classes::digits(part), char_classes::digit_changes(part));
    match digits {
        0 => part.len() <= WORD_BYTES_MAX,
        _ if digits == part.len() => digits <= NUMBER_BYTES_MAX,
        _ if changes == 1 => digits <= 4 && part.len() <= WORD_BYTES_MAX,
        _ => part.len() <= MIX_BYTES_MAX && digits <= 4 && changes <= 2 || part.len() <= 4,
    }
}

/// `gpt`, `Llama`, `Qwen2`, `gpt4o`: a family, alone or with its version.
fn is_family(part: &[u8]) -> bool {
    let letters = part.iter().position(u8::is_ascii_digit).unwrap_or(part.len());
    let is_known = |name: &[u8]| {
        FAMILIES_IN_ORDER.binary_search_by(|family| family.bytes().cmp(name.iter().map(u8::to_ascii_lowercase))).is_ok()
    };
    is_known(part) || letters > 0 && is_known(&part[..letters])
}

/// Whether a value is a known prefix and then one run of letters and digits, or a UUID.
fn has_id_prefix(value: &[u8]) -> bool {
    let id = ID_PREFIX_LIST.iter().filter_map(|prefix| value.strip_prefix(prefix.as_bytes())).min_by_key(|id| id.len());
    id.is_some_and(|id| ID_BYTES.contains(&id.len()) && (id.iter().all(u8::is_ascii_alphanumeric) || is_uuid(id)))
}

pub(super) fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_in_order() {
        assert!(FAMILIES_IN_ORDER.is_sorted() && !FAMILIES.bytes().any(|byte| byte.is_ascii_uppercase()));
    }

    #[test]
    fn models_and_ids_are_distinguished_from_keys() {
        for value in
            ["gpt-4o", "o3-mini-2025-01-31", "Qwen/Qwen2.5-Coder-32B-Instruct", "mistralai/Mixtral-8x7B-Instruct-v0.1"]
        {
            assert!(is_public_id(value.as_bytes()), "{value}");
        }
        for value in [
            "req_011CSHoEeqs5C35K2UUqR7Fy",
            "chatcmpl-123e4567-e89b-12d3-a456-426614174000",
            "toolu_bdrk_01XFDUDYJgAACz",
            "AC0123456789abcdef0123456789abcdef",
            "sq0idp-a7Bq9Zk2Lm4Xw8Rt3Vn6Pc",
        ] {
            assert!(is_public_id(value.as_bytes()), "{value}");
        }
        for value in
            ["gpt-a7Bq9Zk2Lm4Xw8Rt3Vn6", "claude_key_a7Bq9Zk2Lm4X", "grok-0123456789", "a7Bq9Zk2Lm4Xw8Rt3Vn6", "gpt4o"]
        {
            assert!(!is_public_id(value.as_bytes()), "{value}");
        }
        for value in [
            "run_a7Bq9Zk2_secret_Lm4Xw8",
            "sk-a7Bq9Zk2Lm4Xw8Rt3Vn6",
            "req_abc",
            "pi_3MtwBwLkdIwHu7ix28a3tqPa",
            "ACa7Bq9Zk2Lm4Xw8",
            "sq0csp-a7Bq9Zk2Lm4Xw8Rt3Vn6Pc",
        ] {
            assert!(!is_public_id(value.as_bytes()), "{value}");
        }
    }
}
