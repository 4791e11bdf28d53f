//! Reading one letter, from its bytes to what is understood of it, over the development corpus; and the start of the topic knowledge.
//! Run `cargo bench --bench read`. See docs/benchmarks.md.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot set itself up fails and says where")]

use chrono_tz::Europe::Moscow;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use otklik::message;
use otklik::understand::{Category, Context, Learned, Topics, understand};
use std::hint::black_box;
use std::path::Path;

fn corpus() -> Vec<Vec<u8>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/dev");
    let mut names: Vec<_> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    names.iter().map(|n| std::fs::read(n).unwrap()).collect()
}

/// One letter with a megabyte of text: the corpus's own words over and over.
fn megabyte(letters: &[Vec<u8>]) -> Vec<u8> {
    let mut text = String::new();
    while text.len() < 1_000_000 {
        for letter in letters {
            text.push_str(&message::read(letter).body.whole);
            text.push_str("\n\n");
        }
    }
    let head = "From: a@family.example\r\nTo: priemnaya@school.example\r\nSubject: long\r\nDate: Mon, 16 Nov 2026 10:00:00 +0300\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
    format!("{head}{}", text.replace('\n', "\r\n")).into_bytes()
}

fn reading(c: &mut Criterion) {
    let (own, staff) = (["priemnaya@school.example".to_owned()], ["school.example".to_owned()]);
    let context = Context { own: &own, staff_domains: &staff, zone: Some(Moscow), ..Context::default() };
    let topics = Topics::embedded();
    let letters = corpus();
    let read: Vec<_> = letters.iter().map(|l| message::read(l)).collect();
    let mut group = c.benchmark_group("read");
    group.throughput(Throughput::Elements(letters.len() as u64));
    group.bench_function("parse", |b| b.iter(|| letters.iter().map(|l| black_box(message::read(l)).subject.len()).sum::<usize>()));
    group.bench_function("understand", |b| b.iter(|| read.iter().map(|m| black_box(understand(&topics, m, &context)).reasons.len()).sum::<usize>()));
    group.bench_function("both", |b| {
        b.iter(|| letters.iter().map(|l| black_box(understand(&topics, &message::read(l), &context)).reasons.len()).sum::<usize>())
    });
    group.finish();
    let long = megabyte(&letters);
    c.bench_function("one megabyte", |b| b.iter(|| black_box(understand(&topics, &message::read(&long), &context)).reasons.len()));
    let own: Vec<_> = (0..100).map(|_| Learned { category: Category::Other, stems: vec!["школ".to_owned(), "двер".to_owned()] }).collect();
    c.bench_function("learning", |b| b.iter(|| black_box(topics.learned(&own))));
    c.bench_function("start", |b| b.iter(|| black_box(Topics::embedded())));
}

criterion_group!(benches, reading);
criterion_main!(benches);
