//! Names in data: values of keys, columns, cards, headings, speakers; and the values there that are no names.

use crate::names::{leaves, takes};

#[test]
fn as_values_of_keys_that_only_persons_have() {
    takes(&[
        (r#"{"firstName":"Oluwaseun"}"#, "Oluwaseun"),
        (r#"{"first_name": "Xolani", "id": 3}"#, "Xolani"),
        (r#"{"customerName": "Sigþrúður Hlöðversdóttir"}"#, "Sigþrúður Hlöðversdóttir"),
        ("Nachname: Yılmaz\nOrt: Köln", "Yılmaz"),
        ("lastName=Nguyễn", "Nguyễn"),
        ("GET /find?first_name=Tjarko&last_name=Wubbena", "Wubbena"),
        ("Surname: ........ Okonkwo-Eze\n", "Okonkwo-Eze"),
        ("level=info contact_name=\"Ngozi Udeh\" took=3", "Ngozi Udeh"),
        (r#"{\"lastName\": \"Adebayo\"}"#, "Adebayo"),
    ]);
    leaves(&[
        r#"{"name":"get_weather","parameters":{}}"#,
        r#"{"model_name": "gpt-4o"}"#,
        r#"{"firstName": {"type": "string"}, "lastName": {"type": "string"}}"#,
        r#"{"firstName": "First name", "lastName": "Enter your surname"}"#,
        "type User { firstName: String! lastName: String! }",
        "first_name = models.CharField(max_length=30)",
        "firstName: required",
        r#"{"fullName": null, "surname": ""}"#,
        r#"{"file_name": "Report", "functionName": "Render"}"#,
    ]);
}

#[test]
fn in_columns_whose_header_says_so() {
    takes(&[
        ("name,email\nTamzin Oyelaran,t@example.com\n", "Tamzin Oyelaran"),
        ("id;first_name;last_name\n1;Wanjiru;Kamau\n2;Ólafur;Þór\n", "Kamau"),
        ("id;first_name;last_name\n1;Wanjiru;Kamau\n2;Ólafur;Þór\n", "Þór"),
        ("| Name | Phone |\n|---|---|\n| Quim Ferrer | 1 |\n", "Quim Ferrer"),
        ("\"id\",\"surname\"\n\"7\",\"Zającówna\"\n", "Zającówna"),
    ]);
    leaves(&[
        "name,version\nserde,1.0\nTokio,1.48\n",
        "name,price\nApple,3\nOrange,4\n",
        "first_name,last_name\nstring,string\n",
        "Please send name, date and place,\nBerlin, Monday and so on,\n",
    ]);
}

#[test]
fn in_cards_headings_and_lines_of_speakers() {
    takes(&[
        ("BEGIN:VCARD\nVERSION:3.0\nN:Kárpáti;Zoltán;;;\nFN:Kárpáti Zoltán\nEND:VCARD", "Kárpáti;Zoltán"),
        ("OLENA HRYTSENKO\nData Engineer\no.h@example.net, +380 67 412 98 05", "OLENA HRYTSENKO"),
        ("Jerry: call me at +1 415 555 0132\nElaine: ok", "Elaine"),
    ]);
    leaves(&["N:1;2\nFN:x", "PROFESSIONAL EXPERIENCE\nData Engineer\nx@example.net"]);
}
