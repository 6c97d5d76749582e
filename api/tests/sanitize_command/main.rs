//! `misfire sanitize`, as a filter.

use std::{
    fs,
    io::Write,
    process::{Command, Output, Stdio},
};

use proptest::{prelude::*, strategy::ValueTree};

fn sanitize(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_misfire"))
        .arg("sanitize")
        .args(arguments)
        .env_remove("SANITIZER_POLICY")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn text_goes_in_and_comes_out_line_by_line() {
    let output = sanitize(&[], b"mail jane@example.com\n\nand bob@example.com\r\nno end");
    assert_eq!(stdout(&output), "mail [EMAIL_1]\n\nand [EMAIL_1]\r\nno end");
}

#[test]
fn files_are_read_in_their_order_and_named_where_lines_are() {
    let folder = tempfile::tempdir().unwrap();
    let [one, two, missing] = ["one.txt", "two.txt", "missing.txt"].map(|name| folder.path().join(name));
    fs::write(&one, "to jane@example.com\n").unwrap();
    fs::write(&two, "x\nto bob@example.com\n").unwrap();
    let [one, two, missing] = [&one, &two, &missing].map(|path| path.to_str().unwrap());
    assert_eq!(stdout(&sanitize(&[one, two], b"unread")), "to [EMAIL_1]\nx\nto [EMAIL_1]\n");
    assert_eq!(stdout(&sanitize(&[two, "-", one], b"+1 415 555 0132\n")), "x\nto [EMAIL_1]\n[PHONE_1]\nto [EMAIL_1]\n");
    assert_eq!(
        stdout(&sanitize(&["--explain", one, two], b"")),
        format!(
            "{one}, line 1, characters 4 to 19: EMAIL, an e-mail address\n\
                 {two}, line 2, characters 4 to 18: EMAIL, an e-mail address\n"
        )
    );
    let refused = sanitize(&["--spans", one], b"");
    let error = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && error.contains(&format!("{one}: line 1: not")), "{error}");
    for (files, said) in
        [([one, missing], "missing.txt cannot be read"), ([one, folder.path().to_str().unwrap()], "is a folder")]
    {
        let refused = sanitize(&files, b"");
        let error = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(refused.status.code() == Some(1) && refused.stdout.is_empty() && error.contains(said), "{error}");
    }
}

#[test]
fn a_private_key_of_many_lines_is_one() {
    let [begin, end] = ["BEGIN", "END"].map(|word| format!("-----{word} {} KEY-----", "PRIVATE"));
    let body = "a7Bq9Zk2Lm4Xw8Rt3Vn6Pc5Hd1Jf".chars().cycle().take(64).collect::<String>();
    let output = sanitize(&[], format!("a\n{begin}\n{body}\n{body}\n{end}\nb\n").as_bytes());
    assert_eq!(stdout(&output), "a\n[PRIVATE_KEY_1]\nb\n");
}

#[test]
fn spans_count_code_points_and_say_why_when_asked() {
    let line = "{\"id\": 7, \"text\": \"日本 jane@example.com\"}\n".as_bytes();
    assert_eq!(
        stdout(&sanitize(&["--spans"], line)),
        "{\"id\":7,\"spans\":[{\"start\":3,\"end\":19,\"type\":\"EMAIL\"}]}\n"
    );
    assert!(stdout(&sanitize(&["--spans", "--explain"], line)).contains("\"why\":\"an e-mail address\""));
    assert_eq!(
        stdout(&sanitize(&["--explain"], b"x\nto jane@example.com\n")),
        "line 2, characters 4 to 19: EMAIL, an e-mail address\n"
    );
}

#[test]
fn a_bad_line_of_spans_is_named() {
    let good = b"{\"id\":1,\"text\":\"a\"}\n";
    let bad: [(&[u8], &str); 4] = [
        (b"nonsense\n", "line 2: not {\"id\", \"text\"}"),
        (b"{\"id\":2,\"text\":\"b\xFF\"}\n", "line 2: not UTF-8"),
        (b"\xFF\n", "line 2: not UTF-8"),
        (b"{\"id\":2,\"text\":\"b", "line 2: not {\"id\", \"text\"}: EOF"),
    ];
    for (bad, error) in bad {
        let output = sanitize(&["--spans"], &[good, bad].concat());
        assert!(!output.status.success());
        assert_eq!(String::from_utf8_lossy(&output.stdout), "{\"id\":1,\"spans\":[]}\n", "what came before is kept");
        assert!(String::from_utf8_lossy(&output.stderr).contains(error), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_line_without_an_end_is_read_in_pieces_and_no_value_is_cut() {
    let mut line = "word ".repeat(250_000);
    line.insert_str((1 << 20) - 8, " jane@example.com ");
    let output = stdout(&sanitize(&[], line.as_bytes()));
    assert_eq!(output, line.replace("jane@example.com", "[EMAIL_1]"));
    let record = format!("{{\"id\":1,\"text\":\"{}\"}}\n", "x".repeat(17 << 20));
    let output = sanitize(&["--spans"], record.as_bytes());
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("line 1: longer than"));
}

#[test]
fn a_policy_is_followed_and_a_bad_one_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("policy.toml");
    let argument = policy.to_str().unwrap();
    fs::write(&policy, "allow = [\"acme.test\"]\n[[own]]\nlabel = \"EMPLOYEE_ID\"\npattern = 'EMP-\\d+'\n").unwrap();
    let output = sanitize(&["--policy", argument], b"EMP-7 wrote to help@acme.test and jane@example.com\n");
    assert_eq!(stdout(&output), "[EMPLOYEE_ID_1] wrote to help@acme.test and [EMAIL_1]\n");
    fs::write(&policy, "\noff = [\"NOTHING\"]\n").unwrap();
    let output = sanitize(&["--policy", argument], b"");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("line 2"));
}

#[test]
fn an_output_that_nobody_reads_ends_it_quietly() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_misfire"))
        .arg("sanitize")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    // Far more than the pipe and the buffers hold; the write fails once the filter is gone.
    while stdin.write_all(&b"a line\n".repeat(10_000)).is_ok() {}
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn sanitized_text_stays_as_it_is() {
    let pieces = prop::sample::select(vec![
        "jane@example.com",
        " ",
        "Jane Sample",
        "password = ",
        "\"hunter2\"",
        "+1 415 555 0132",
        "4111 1111 1111 1111",
        ", ",
        ": ",
        "SSN 219-09-9999",
        "12 Harbour Street",
        "Dear ",
        "Dr. ",
        "[EMAIL_1]",
        "[PERSON_7]",
        "Bearer ",
        "8.8.8.8",
        "@",
        "name: ",
        "call ",
        "'",
        "7",
        "-",
        "/home/jsample/",
    ]);
    let texts = prop::collection::vec(prop::collection::vec(pieces, 1..12).prop_map(|pieces| pieces.concat()), 2_000);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let texts = texts.new_tree(&mut runner).unwrap().current();
    let once = stdout(&sanitize(&[], texts.join("\n").as_bytes()));
    let twice = stdout(&sanitize(&[], once.as_bytes()));
    for (once, twice) in once.lines().zip(twice.lines()) {
        assert_eq!(once, twice);
    }
}
