//! Orders read by the grammar: letters of one line and lists of ten. Run `cargo bench --bench orders`. See docs/benchmarks.md.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot set itself up fails and says where")]

use chrono::NaiveDate;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use otklik::understand::order_list::lines;
use otklik::understand::orders::{Colleague, read};
use std::hint::black_box;

const STAFF: [Colleague<'static>; 5] = [
    Colleague { id: "psy", name: "Соколова Ирина Юрьевна", post: "педагог-психолог" },
    Colleague { id: "psy2", name: "Петрова Мария Ивановна", post: "педагог-психолог" },
    Colleague { id: "social", name: "Никитина Светлана Олеговна", post: "социальный педагог" },
    Colleague { id: "math", name: "Козлов Дмитрий Алексеевич", post: "учитель математики" },
    Colleague { id: "tech", name: "Вишневский Павел Николаевич", post: "технический специалист" },
];

/// The lines that people write: both lists of the tests, what is no order too.
fn letters() -> Vec<String> {
    let lists = [include_str!("../tests/orders/first.tsv"), include_str!("../tests/orders/fresh.tsv")];
    lists.iter().flat_map(|l| l.lines()).filter_map(|l| l.split_once('\t')).map(|(text, _)| text.to_owned()).collect()
}

fn orders(c: &mut Criterion) {
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let letters = letters();
    let mut group = c.benchmark_group("orders");
    group.throughput(Throughput::Elements(letters.len() as u64));
    group.bench_function("letters of one line", |b| {
        b.iter(|| letters.iter().map(|l| read(black_box(l), today, &STAFF)).filter(|r| matches!(r, otklik::understand::orders::Reading::Order(..))).count())
    });
    let lists: Vec<String> = letters.chunks_exact(10).map(|ten| ten.iter().enumerate().map(|(i, l)| format!("{} {l}\n", i + 1)).collect()).collect();
    group.throughput(Throughput::Elements(lists.len() as u64 * 10));
    group.bench_function("lines of lists of ten", |b| {
        b.iter(|| lists.iter().map(|l| lines(black_box(l), "Орлова Марина Викторовна", today, &STAFF).len()).sum::<usize>())
    });
    group.finish();
}

criterion_group!(benches, orders);
criterion_main!(benches);
