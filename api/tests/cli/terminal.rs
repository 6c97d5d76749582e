//! What is said on a terminal: that a command waits, and without colours where these are not wanted.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    process::{Command, Stdio},
};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::helpers::{Api, misfire, wait};

/// A terminal: our side of it, and the side of a program.
fn terminal() -> (File, File) {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let name = ptsname(&ours, Vec::new()).unwrap();
    let theirs = File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
    (File::from(ours), theirs)
}

/// Runs a command with a terminal as standard error, and gives what it wrote there.
fn said_on_a_terminal(command: &mut Command) -> String {
    let (mut ours, theirs) = terminal();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(theirs).spawn().unwrap();
    wait(&mut child);
    // The program's side is closed only when the command that holds it is gone, too.
    command.stderr(Stdio::null());
    let mut said = Vec::new();
    let _ = ours.read_to_end(&mut said); // EIO, once nobody has the other side open
    String::from_utf8(said).unwrap()
}

#[test]
fn a_command_that_waits_for_input_says_so_and_names_the_other_way() {
    for (arguments, other_way) in [
        (&["sanitize"][..], Some("misfire sanitize FILE")),
        (&["events", "--try", "-"], Some("misfire events --try BODY.json")),
        (&["sanitize", "/dev/null"], None),
    ] {
        let (mut ours, theirs) = terminal();
        let mut child =
            misfire().args(arguments).stdin(theirs).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut error = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        if let Some(other_way) = other_way {
            error.read_line(&mut said).unwrap();
            assert!(
                said.starts_with("reading from the terminal; end with Ctrl-D") && said.contains(other_way),
                "{said}"
            );
        }
        ours.write_all(b"\x04").unwrap(); // Ctrl-D
        wait(&mut child);
        if other_way.is_none() {
            assert_eq!(error.read_line(&mut said).unwrap(), 0, "{said}");
        }
    }
    // Where input comes from a pipe, nothing is said.
    let output = misfire().arg("sanitize").stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
}

#[test]
fn no_color_is_honoured() {
    let folder = tempfile::tempdir().unwrap();
    // It logs a warning, and ends for want of a secret.
    let settings = [("API_ADDR", "0.0.0.0:0"), ("WEBHOOK_SECRT", "x"), ("TERM", "xterm")];
    let coloured = said_on_a_terminal(&mut Api::command(folder.path(), &settings));
    assert!(coloured.contains("WEBHOOK_SECRT is set") && coloured.contains('\u{1b}'), "{coloured:?}");
    let plain = said_on_a_terminal(Api::command(folder.path(), &settings).env("NO_COLOR", "1"));
    assert!(plain.contains("WEBHOOK_SECRT is set") && !plain.contains('\u{1b}'), "{plain:?}");
    let plain = said_on_a_terminal(misfire().args(["stats", "--nonsense"]).env("TERM", "xterm").env("NO_COLOR", "1"));
    assert!(plain.contains("--nonsense") && !plain.contains('\u{1b}'), "{plain:?}");
}
