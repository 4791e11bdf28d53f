//! Scratch.
use super::*;
use super::words::Words;
#[test]
#[ignore]
fn dump() {
    use std::io::Write;
    let topics = Topics::embedded();
    let ex: Vec<_> = examples::shipped().collect();
    let all: Vec<_> = ex.iter().map(|(c, t)| examples::example(*c, t, 1.0)).collect();
    let mut out = std::fs::File::create("/tmp/exp/dump.jsonl").unwrap();
    for fold in 0..5 {
        let now = std::time::Instant::now();
        let train: Vec<_> = all.iter().enumerate().filter(|(i, _)| (i * 7919) % 5 != fold).map(|(_, e)| e.clone()).collect();
        let model = learned::train(&train);
        eprintln!("trained {:?} {} bytes", now.elapsed(), model.bytes().len());
        for (i, (c, t)) in ex.iter().enumerate().filter(|(i, _)| (i * 7919) % 5 == fold) {
            let m = model.score(all[i].stems.iter().map(String::as_str)).margins;
            let words = Words::new(t);
            let r = topics.rule_scores(&Words::new(""), &words, None, "", None);
            writeln!(out, "{}", serde_json::json!({"set":"ex","cat":c.key(),"also":[],"m":m,"r":r,"n":words.tokens.len()})).unwrap();
        }
    }
    let (own, staff) = (["priemnaya@school.example".to_owned()], ["school.example".to_owned()]);
    let ctx = Context { own: &own, staff_domains: &staff, zone: Some(chrono_tz::Europe::Moscow), ..Context::default() };
    let model = examples::shipped_model();
    for (set, dir) in [("A", "/tmp/h/held/a"), ("B", "/tmp/h/held/b"), ("DEV", "tests/corpus")] {
        for line in std::fs::read_to_string(format!("{dir}/labels.jsonl")).unwrap().lines() {
            let l: serde_json::Value = serde_json::from_str(line).unwrap();
            if l["category"].is_null() { continue; }
            let m = crate::message::read(&std::fs::read(format!("{dir}/{}", l["file"].as_str().unwrap())).unwrap());
            let u = understand(&topics, &m, &ctx);
            let words = Words::new(&u.text);
            let subj = Words::new(&m.subject);
            let s = model.score(words.tokens.iter().chain(&subj.tokens).map(|t| t.stem())).margins;
            let s2 = model.score(words.tokens.iter().map(|t| t.stem())).margins;
            let r = topics.rule_scores(&subj, &words, None, "", None);
            writeln!(out, "{}", serde_json::json!({"set":set,"cat":l["category"],"also":l["also_ok"],"m":s,"m2":s2,"r":r,"n":words.tokens.len(),"got":u.category.map(|c|c.key()),"file":l["file"]})).unwrap();
        }
    }
}
