//! What must be left alone, by name.

use crate::found;

fn is_left_alone(text: &str) {
    assert_eq!(found(text), [], "in {text:?}");
}

macro_rules! traps {
    ($($name:ident: $($text:expr),+;)*) => {
        $(#[test]
        fn $name() {
            $(is_left_alone($text);)+
        })*
    };
}

traps! {
    uuids_stay: "uuid 01a1f0c2-7d10-7b3e-9a55-0c6f1be2d301", "{\"id\": \"123e4567-e89b-12d3-a456-426614174000\"}";
    epoch_times_stay: "at 1772446530", "ts=1772446530123", "since 1772446530123456";
    floats_stay: "pi is 3.14159265358979", "loss 0.00012345678, then 12.3456789", "[0.123456789, 45.987654321]";
    hashes_stay: "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
        "md5 d41d8cd98f00b204e9800998ecf8427e";
    versions_stay: "version 1.2.3.4, v10.0.0.1", "chrome 120.0.6099.109 is out", "release 10.0.19041.1";
    ports_stay: "port 8080", "localhost:5432 and 0.0.0.0:3000";
    dates_and_times_stay: "2026-03-02 10:15:30", "02.03.2026 at 10:15", "12:30:45";
    code_stays: "std::fmt::Display and a::b", "x = y[0:12]", "for i in range(100000000):", "if password == user.password { return token; }",
        "let token = get_token(user_id);", "password: z.string().min(8)", "const apiKey = process.env.API_KEY;",
        "def login(self, user, password=None):", "tokenizer = AutoTokenizer.from_pretrained(model_name)", "private key: &'static str";
    css_at_rules_stay: "@media (max-width: 600px) { a { color: red } }", "@import url('a.css');", "@keyframes spin { to { rotate: 1turn } }";
    decorators_stay: "@app.route('/users')", "@pytest.fixture\ndef client(): ...", "@Override public void run()";
    git_addresses_stay: "git clone git@github.com:org/repo.git", "git@gitlab.com:group/sub/project.git";
    npm_scopes_stay: "npm i @scope/pkg@1.2.3", "import x from '@angular/core'";
    image_densities_stay: "a@2x.png", "logo@3x.jpg and icon@2x.webp";
    documentation_placeholders_stay: "api_key = YOUR_API_KEY", "export OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxx", "token: <your-token-here>",
        "password: ${DB_PASSWORD}", "password = '********'", "Authorization: Bearer $TOKEN", "postgres://user:password@localhost/db",
        concat!("AKIA", "IOSFODNN7", "EXAMPLE"), "\"password\": \"{{ vault_password }}\"";
    public_keys_stay: "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGKlBZQ0mP3xYzqk me";
    ids_of_secrets_stay: "credentialsId: '29f63271-dc2f-4734-8221-5b31b5169bac'", "KeyId: \"54348bc1-6e3b-4cda-8b18-c6033ca7d328\"",
        "public key: age1epzmwwzw8n09slh0c7z1z52x43nnga7lkksx3qrh07tqz5v7lcys45428t";
    what_is_about_secrets_stays: "token_url = \"https://example.com/oauth\"", "io.jsonwebtoken:jjwt-jackson-0.11.2", "\"max_tokens\": 4096",
        "fields = (\"password\", \"first_name\")", "this.addPassword = \"#add-password\";", "\"integrity\": \"sha512-Zb2fR7Yq1Xk9Lm3Vn6Pc5Hd8Jf==\"";
    words_of_a_list_are_no_phrase: "abandon ability able about above absent absorb abstract absurd abuse access accident account accuse";
    loopback_and_documentation_addresses_stay: "127.0.0.1 and ::1 and 192.0.2.1 and 2001:db8::1", "mask 255.255.255.0";
    numbers_of_things_stay: "order 4155550132", "ISBN 978-3-16-148410-0", "invoice 2026-000123", "4111111111111112", "the year 1984";
    names_of_poets_stay: "Who was Albert Einstein?", "Write a poem in the style of Emily Dickinson";
    questions_about_secrets_stay: "How do I reset my password?", "What is an API key and how long should a token be?",
        "Generate a random password in python", "the password is 2048 bits long", "digitalRead(pin: 13)", "pin 1234 of the board",
        "hash the password with Argon2id", "reset the password Windows10 asks for", "PIN: 560001, Bengaluru";
    placeholders_of_an_earlier_reading_stay: "[EMAIL_1] called [PHONE_2] with [SECRET_3], password = [PASSWORD_1]";
}
