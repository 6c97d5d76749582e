use super::*;

/// Base64 of `bytes` bytes that are no known format.
fn base64(bytes: usize) -> String {
    "Qx7+".repeat(bytes / 3)
}

#[test]
fn data_uris_go_and_the_words_around_them_stay() {
    let payload = base64(48_000);
    for (text, expected) in [
        (format!("look: data:image/png;base64,{payload} nice?"), "look: [image image/png, 48 kB] nice?".to_owned()),
        (
            format!("![a](data:image/svg+xml;charset=utf-8;base64,{payload}==), b"),
            "![a]([image image/svg+xml, 48 kB]), b".into(),
        ),
        (
            format!("data:audio/wav;base64,{payload}\ndata:application/pdf;base64,{payload}=="),
            "[audio audio/wav, 48 kB]\n[file application/pdf, 48 kB]".into(),
        ),
        (format!("Data:;base64,{payload}é"), "[file, 48 kB]é".into()),
        // An explanation, no encoding, no scheme.
        ("write data:image/png;base64,<your data> here".into(), "write data:image/png;base64,<your data> here".into()),
        ("data:image/png;base64,AAAA".into(), "data:image/png;base64,AAAA".into()),
        ("data:text/plain,hello".into(), "data:text/plain,hello".into()),
        (format!("image/png;base64,{payload}"), format!("image/png;base64,{payload}")),
        (payload.clone(), payload.clone()),
    ] {
        assert_eq!(without_base64_in_text(&text), expected);
        let json = serde_json::to_string(&[&text]).unwrap();
        assert_eq!(without_base64(&json), serde_json::to_string(&[&expected]).unwrap());
        // PHP writes `\/`, .NET `\u002B`, and a tool's arguments are JSON within JSON.
        let escaped = json.replace('/', r"\/").replace('+', r"\u002B");
        let found: Vec<String> = serde_json::from_str(&without_base64(&escaped)).unwrap();
        assert_eq!(found[0], expected);
        let nested: String = serde_json::from_str(&without_base64(&serde_json::to_string(&json).unwrap())).unwrap();
        assert_eq!(nested, serde_json::to_string(&[&expected]).unwrap());
    }
}

#[test]
fn the_shapes_of_the_sdks_are_known() {
    let payload = base64(48_000);
    for (shape, marker) in [
        (
            r#"{"type":"image","source":{"type":"base64","media_type":"image/png","data":"*"}}"#,
            "[image image/png, 48 kB]",
        ),
        (r#"{"source":{"data":"*","media_type":"application\/pdf","type":"base64"}}"#, "[file application/pdf, 48 kB]"),
        (r#"{"type":"image","inline_data":{"mime_type":"image/webp","data":"*"}}"#, "[image image/webp, 48 kB]"),
        (r#"{"inlineData":{"mimeType":"audio/mp3","data":"*"}}"#, "[audio audio/mp3, 48 kB]"),
        (r#"{"type":"input_audio","input_audio":{"data":"*","format":"wav"}}"#, "[audio audio/wav, 48 kB]"),
        (r#"{"type":"file","file":{"filename":"a.pdf","file_data":"*"}}"#, "[file, 48 kB]"),
        (r#"{"type":"input_file","filename":"a","file_data":"*"}"#, "[file, 48 kB]"),
        (r#"{"type":"image","image":"*","mediaType":"image/jpeg"}"#, "[image image/jpeg, 48 kB]"),
        (r#"{"type":"image","image":"*"}"#, "[image, 48 kB]"),
        (r#"{"type":"file","data":"*","mediaType":"application/pdf"}"#, "[file application/pdf, 48 kB]"),
        (r#"{"type":"blob","mime_type":"image/png","content":"*"}"#, "[image image/png, 48 kB]"),
        (r#"{"type":"image_generation_call","id":"ig_1","result":"*"}"#, "[image, 48 kB]"),
        (r#"{"data":[{"b64_json":"*"}]}"#, "[image, 48 kB]"),
        // Plain text, and what merely looks like base64.
        (r#"{"type":"text","media_type":"text/plain","data":"*"}"#, ""),
        (r#"{"type":"text","text":"*"}"#, ""),
        (r#"{"role":"user","content":"*"}"#, ""),
        (r#"{"data":"*"}"#, ""),
    ] {
        let json = format!(" [1.50, {}, -0]", shape.replace('*', &payload));
        let expected = if marker.is_empty() { json.clone() } else { json.replace(&payload, marker) };
        assert_eq!(without_base64(&json), expected, "{shape}");
    }
}

#[test]
fn a_known_format_is_found_without_a_name() {
    for (head, marker) in [
        ("iVBORw0KGgoA", "[image image/png, 3 kB]"),
        ("/9j/4AAQSkZJ", "[image image/jpeg, 3 kB]"),
        ("UklGRiQAAABXRUJQ", "[image image/webp, 3 kB]"),
        ("UklGRiQAAABXQVZF", "[audio audio/wav, 3 kB]"),
        ("JVBERi0xLjcK", "[file application/pdf, 3 kB]"),
    ] {
        let payload = format!("{head}{}", base64(3_000));
        let marker = format!("{:?}", marker);
        for json in
            [format!("{payload:?}"), format!(r#"{{"role":"tool","content":{payload:?}}}"#), format!("[{payload:?}]")]
        {
            assert_eq!(without_base64(&json), json.replace(&format!("{payload:?}"), &marker), "{head}");
        }
    }
}

#[test]
fn short_texts_markers_and_urls_stay() {
    for json in [
        r#"{"type":"image","source":{"type":"base64","media_type":"image/png","data":"[base64 image redacted]"}}"#,
        r#"{"type":"image_url","image_url":{"url":"[base64 image/png redacted]"}}"#,
        r#"{"type":"image","image":"mountain"}"#,
        r#"{"type":"image","image":"mountainsAndRivers"}"#,
        r#"{"type":"image","image":"https://example.com/mountains/and/rivers"}"#,
        r#"{"type":"base64","media_type":"image/png","data":"[image image/png, 48 kB]"}"#,
        r#"{"content":"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"}"#,
    ] {
        assert!(matches!(without_base64(json), Cow::Borrowed(same) if same == json), "{json}");
    }
}

#[test]
fn files_in_several_lines_and_deep_ones_are_found() {
    let lines = vec!["Qx7+".repeat(19); 100].join("\n");
    let json = serde_json::json!({"type": "base64", "media_type": "image/png", "data": lines}).to_string();
    assert_eq!(without_base64(&json), json.replace(&lines.replace('\n', r"\n"), "[image image/png, 6 kB]"));
    let deep = format!("{}\"data:image/png;base64,{}\"{}", "[".repeat(5_000), base64(48_000), "]".repeat(5_000));
    assert_eq!(without_base64(&deep).len(), 10_000 + "\"[image image/png, 48 kB]\"".len());
}
