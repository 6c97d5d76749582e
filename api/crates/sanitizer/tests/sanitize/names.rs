//! Names: which stand in a text about somebody, and which in a piece of work, a story or a question about the famous.

use crate::found;

#[track_caller]
pub(crate) fn takes(examples: &[(&str, &str)]) {
    for (text, name) in examples {
        let found = found(text);
        assert!(found.contains(&("PERSON", name)), "{name:?} in {text:?}: {found:?}");
    }
}

#[track_caller]
pub(crate) fn leaves(texts: &[&str]) {
    for text in texts {
        let found = found(text);
        assert!(found.iter().all(|(label, _)| *label != "PERSON"), "none in {text:?}: {found:?}");
    }
}

#[test]
fn in_greetings_and_signatures() {
    takes(&[
        ("Hi Garvan and welcome to the group", "Garvan"),
        ("Dear Olbraith,\nthe parcel came back.", "Olbraith"),
        ("Thank you Hendo for all that you did", "Hendo"),
        ("See you tomorrow.\n\nRegards,\nMaria Gonzalez", "Maria Gonzalez"),
    ]);
    leaves(&[
        "Hello World",
        "Hi there, all is well",
        "Dear Sir, the parcel came back",
        "Thanks everyone!",
        "Hello, Kotlin is fun",
    ]);
}

#[test]
fn in_introductions_and_by_titles() {
    takes(&[
        ("hello, my name is krithika no, jessica", "jessica"),
        ("My name is Ruben and I need help", "Ruben"),
        ("I spoke with Dr. Abernathy about it", "Dr. Abernathy"),
    ]);
    leaves(&[
        "The name is required",
        "my name is not shown",
        "Dr. No is a film? Write a review",
        "assert greet(\"My name is Paul\") == 4",
    ]);
}

#[test]
fn in_lower_case_where_nobody_writes_code() {
    takes(&[
        ("ask kevin about it tomorrow", "kevin"),
        ("did you see rick astley there?", "rick"),
        ("naomi ryan\nphone 415-555-0132", "naomi ryan"),
        ("tamara chmielewski\nphone 415-555-0132", "tamara chmielewski"),
    ]);
    leaves(&[
        "let kevin = parse(kevin);",
        "in maya, how is a mesh made?",
        "the rest of it will mark a change",
        "write a poem about jessica",
        "see docs/jessica/readme",
    ]);
}

#[test]
fn alone_in_a_sentence_but_not_in_a_piece_of_work() {
    takes(&[("Macy was so mean to Emily I can't believe it", "Emily"), ("Poor Jimmy, he waited all day", "Jimmy")]);
    leaves(&[
        "Write a reply to this letter:\nDear Clara,\n\nthe parcel came.",
        "Please summarize what Emily did",
        "Give a name to this cat, say Matilda",
        "MACs are hardware addresses",
        "Gina's Pizza is open",
    ]);
}

#[test]
fn a_birth_date_of_the_famous_stays() {
    assert_eq!(found("Albert Einstein was born on March 14, 1879 in Ulm."), []);
    assert_eq!(found("She was born on March 14, 1979."), [("DOB", "March 14, 1979")]);
}

#[test]
fn in_handles_that_begin_with_one() {
    let handle = |text| found(text).contains(&("USERNAME", "JacobRhines"));
    assert!(handle("thanks @JacobRhines for the tip") && handle("RT @ JacobRhines : that or this"));
    assert_eq!(found("cc @jessica_w"), [("USERNAME", "jessica_w")]);
    for text in [
        "@Column(unique = true)",
        "set @columnname = 1",
        "@happy_panda943: hi",
        "@alice.route('/x')",
        "@media print",
        "npm i @angular/core",
    ] {
        assert_eq!(found(text), [], "in {text:?}");
    }
}

#[test]
fn that_no_list_has_by_the_words_around_them() {
    takes(&[
        ("I miss Gwendalyne so much", "Gwendalyne"),
        ("I asked Bellerin about the match and he laughed", "Bellerin"),
        ("My neighbour Ravshana has a new dog and it barks all day", "Ravshana"),
        ("Politicians like Kalnins are seen as leaders by their own people", "Kalnins"),
    ]);
    leaves(&[
        "Why is Kubernetes always so slow?",
        "I asked Google about the match and it was over",
        "My Thermomix has a new lid and it fits",
        "Is Grafton, Vermont a good place to live?",
    ]);
}

#[test]
fn of_public_figures_and_brands_stay_in_tasks_and_questions() {
    leaves(&[
        "Compare the prices of Charles Schwab, Morgan Stanley, Dr. Oetker, Hugo Boss and Calvin Klein.",
        "What did Rosa Luxemburg write about?",
        "What if Vincent van Gogh had been a banker?",
        "Is Roger Federer better than Rafael Nadal?",
        "Write a song in the style of Taylor Swift",
        "What does Nassim Nicholas Taleb say about risk?",
        "Who was Viktor Orban before he was elected?",
    ]);
    takes(&[("Write to my landlord Ruben Castellanos that I am late", "Ruben Castellanos")]);
}

#[test]
fn only_where_persons_are_meant() {
    leaves(&[
        "We moved the Berlin office to the second floor.",
        "Liebe Eltern, am Montag ist kein Unterricht.",
        "Dear Colleagues, the canteen is closed.",
        "My company's name is Color Paper.",
        "The project name is Matilda.",
        "Roger has 5 tennis balls and buys 2 more cans. How many balls does he have now?",
    ]);
}

#[test]
fn letters_and_introductions_of_other_languages_name_somebody() {
    for (text, name) in [
        ("Bitte um Rückruf. Gruß, Thorsten Wiesböck", "Thorsten Wiesböck"),
        ("Mit freundlichen Grüßen\nBalthasar Kröpfl", "Balthasar Kröpfl"),
        ("Proszę o kontakt. Pozdrawiam serdecznie, Bogumiła Trzcińska", "Bogumiła Trzcińska"),
        ("Paketet kom inte. Hälsningar Torkel Björnsson", "Torkel Björnsson"),
        ("No funciona. Saludos cordiales,\nEufemia Carrizosa", "Eufemia Carrizosa"),
        ("Kære Birthe Kjærgaard, din pakke er klar", "Birthe Kjærgaard"),
        ("Sehr geehrte Frau Dr. Ysenbruck-Maltz, anbei die Kündigung", "Ysenbruck-Maltz"),
        ("Beste mevrouw Terpstra, uw afspraak is verplaatst", "Terpstra"),
        ("Hallo, ich heiße Swantje Dachsberger und komme nicht rein", "Swantje Dachsberger"),
        ("Hola, me llamo Wenceslao Urrutia, no me llega el código", "Wenceslao Urrutia"),
        ("Mijn naam is Wouter Oosterhuis. De app werkt niet", "Wouter Oosterhuis"),
        ("Merhaba, adım Gülşah Yıldırımer, giriş yapamıyorum", "Gülşah Yıldırımer"),
        ("Dobrý den, jmenuji se Květoslava Hrdličková.", "Květoslava Hrdličková"),
    ] {
        let taken = found(text);
        assert!(taken.iter().any(|(label, value)| *label == "PERSON" && value.contains(name)), "{text}: {taken:?}");
    }
    for text in [
        "Viele Grüße, Ihr Team",
        "Mit freundlichen Grüßen\nIhr Kundenservice",
        "LG Monitor flackert",
        "ich trinke gern heiße Schokolade",
        "Beste Qualität zum besten Preis!",
        "Sehr geehrte Kundin, Ihr Paket ist da",
        "Estimado Cliente, su pedido está listo",
        "Bu adım Docker kurulumunu anlatır",
        "El nombre es Null",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}
