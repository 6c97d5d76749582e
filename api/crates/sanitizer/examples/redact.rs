//! A filter: each line of text in, the line with placeholders out. Each line is a record of its own.
//!
//! `echo 'write to jane@example.com' | cargo run -p misfire-sanitizer --example redact`

use std::io::{self, BufRead, BufWriter, Write};

use misfire_sanitizer::{Policy, Redactor};

fn main() -> io::Result<()> {
    let policy = Policy::default();
    let mut output = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        let mut redactor = Redactor::new(&policy);
        // The line may have been redacted before.
        redactor.reserve_numbers_of(&line);
        writeln!(output, "{}", redactor.redact(&line))?;
    }
    output.flush()
}
