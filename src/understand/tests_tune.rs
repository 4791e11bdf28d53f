//! Scratch.
use super::*;
use super::words::Words;
#[test]
fn dump() {
    let topics = Topics::embedded();
    let model = examples::danger_model();
    let urg = Urgency::default();
    for (set, dir) in [("A", "/tmp/h/held/a"), ("B", "/tmp/h/held/b"), ("C", "/tmp/h/held/c"), ("DEV", "tests/corpus")] {
        let mut rows = Vec::new();
        for line in std::fs::read_to_string(format!("{dir}/labels.jsonl")).unwrap().lines() {
            let l: serde_json::Value = serde_json::from_str(line).unwrap();
            if !matches!(l["kind"].as_str().unwrap(), "new_appeal" | "staff_form" | "reply_to_thread") { continue; }
            let m = crate::message::read(&std::fs::read(format!("{dir}/{}", l["file"].as_str().unwrap())).unwrap());
            let u = understand(&topics, &m, &Context::default());
            let words = Words::new(&u.text); let subj = Words::new(&m.subject);
            let s = model.score(subj.tokens.iter().chain(&words.tokens).map(|t| t.stem()));
            let f = urg.read(&words).or(urg.read(&subj)).danger;
            rows.push((s.margins[0], f.is_some(), f.is_some_and(|f| f.certain), l["urgent"] == true, l["file"].as_str().unwrap().to_owned()));
        }
        rows.sort_by(|a, b| b.0.total_cmp(&a.0));
        println!("{set} URGENT {:?}", rows.iter().filter(|r| r.3).map(|r| format!("{:.2}{}{}", r.0, if r.1 { "s" } else { "" }, if r.2 { "!" } else { "" })).collect::<Vec<_>>());
        println!("{set} CALM with sign {:?}", rows.iter().filter(|r| !r.3 && r.1).map(|r| format!("{:.2}{}", r.0, if r.2 { "!" } else { "" })).collect::<Vec<_>>());
        println!("{set} CALM top {:?}", rows.iter().filter(|r| !r.3).take(10).map(|r| format!("{:.2}", r.0)).collect::<Vec<_>>());
    }
}
