//! `Authentication-Results` as servers and forgers write it.

use super::read;

fn of(fields: &[&str]) -> Vec<(String, Vec<String>)> {
    let head: String = fields.iter().map(|f| format!("Authentication-Results: {f}\r\n")).collect();
    let letter = format!("{head}From: a@school.example\r\nSubject: x\r\n\r\nx\r\n");
    let results = |a: &super::Authentication| a.results.iter().map(|c| format!("{}={} {}", c.method, c.result, c.domains.join(","))).collect();
    read(letter.as_bytes()).authentication.iter().map(|a| (a.server.clone(), results(a))).collect()
}

#[test]
fn a_field_is_read_as_the_grammar_has_it() {
    let table: [(&str, &str, &[&str]); 7] = [
        (
            "mxs.mail.ru; spf=pass (mx1: domain of school.example designates 192.0.2.1) smtp.mailfrom=zam@school.example smtp.helo=x;\r\n\tdkim=pass header.d=school.example; dmarc=pass header.from=zam@school.example",
            "mxs.mail.ru",
            &["spf=pass school.example", "dkim=pass school.example", "dmarc=pass school.example"],
        ),
        ("MX.Example 1; dkim = FAIL (bad; dkim=pass) header.i=@School.Example", "mx.example", &["dkim=fail school.example"]),
        ("mx.example; none", "mx.example", &[]),
        ("mx.example (dmarc=pass); spf=none reason=\"dmarc=pass; dkim=pass\"", "mx.example", &["spf=none "]),
        ("mx.example; x=y; notdkim=pass header.d=a.example", "mx.example", &["x=y ", "notdkim=pass a.example"]),
        ("", "", &[]),
        ("((((((; dkim=pass", "", &[]),
    ];
    for (field, server, results) in table {
        let got = of(&[field]);
        assert_eq!(got[0].0, server, "{field}");
        assert_eq!(got[0].1, results, "{field}");
    }
}

#[test]
fn fields_keep_their_order_and_nested_letters_have_none() {
    let got = of(&["first.example; dkim=fail", "second.example; dkim=pass"]);
    assert_eq!(got.iter().map(|g| g.0.as_str()).collect::<Vec<_>>(), ["first.example", "second.example"]);
    let many = vec!["a.example; dkim=pass"; 500];
    assert_eq!(of(&many).len(), 8);
}
