//! The cheapest way to give each row one of the columns it names: successive shortest paths with potentials (Jonker and Volgenant's
//! improvement of the Hungarian method), on lists instead of a full table. It knows nothing of consultations.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

const FAR: i64 = i64::MAX;

struct Search {
    /// What rows and columns have been raised by; every edge costs at least the sum of its two.
    rows: Vec<i64>,
    columns: Vec<i64>,
    owner: Vec<Option<usize>>,
    own: Vec<Option<usize>>,
    distance: Vec<i64>,
    from: Vec<usize>,
    done: Vec<bool>,
}

/// The column of each row, no column twice, at the least cost in all; a row may go without at its cost in `nobody`. Costs are not negative.
pub(super) fn cheapest(edges: &[Vec<(usize, i64)>], columns: usize, nobody: &[i64]) -> Vec<Option<usize>> {
    // "Nobody" is a column of each row's own.
    let all = columns + edges.len();
    let mut s = Search {
        rows: vec![0; edges.len()],
        columns: vec![0; all],
        owner: vec![None; all],
        own: vec![None; edges.len()],
        distance: vec![FAR; all],
        from: vec![0; all],
        done: vec![false; all],
    };
    for row in 0..edges.len() {
        s.give(row, edges, columns, nobody);
    }
    s.own.into_iter().map(|column| column.filter(|c| *c < columns)).collect()
}

impl Search {
    /// Gives the row a column, moving others along the cheapest path of exchanges.
    fn give(&mut self, row: usize, edges: &[Vec<(usize, i64)>], columns: usize, nobody: &[i64]) {
        let mut heap = BinaryHeap::new();
        let mut touched = Vec::new();
        let mut passed = Vec::new();
        let (mut at, mut so_far) = (row, 0);
        let end = loop {
            let alone = (columns + at, nobody.get(at).copied().unwrap_or(0));
            for (column, cost) in edges.get(at).into_iter().flatten().copied().chain([alone]) {
                let (Some(done), Some(raised), Some(u)) = (self.done.get(column), self.columns.get(column), self.rows.get(at)) else { continue };
                let distance = so_far + cost - u - raised;
                if *done || self.distance.get(column).is_none_or(|d| *d <= distance) {
                    continue;
                }
                touched.push(column);
                heap.push(Reverse((distance, column)));
                set(&mut self.distance, column, distance);
                set(&mut self.from, column, at);
            }
            let Some(Reverse((distance, column))) = heap.pop() else { break None };
            if self.done.get(column) == Some(&true) {
                continue;
            }
            set(&mut self.done, column, true);
            match self.owner.get(column).copied().flatten() {
                None => break Some((column, distance)),
                Some(owner) => {
                    passed.push((column, owner, distance));
                    (at, so_far) = (owner, distance);
                }
            }
        };
        if let Some((column, length)) = end {
            raise(&mut self.rows, row, length);
            for (column, owner, distance) in &passed {
                raise(&mut self.columns, *column, distance - length);
                raise(&mut self.rows, *owner, length - distance);
            }
            self.exchange(row, column);
        }
        for column in touched {
            set(&mut self.distance, column, FAR);
            set(&mut self.done, column, false);
        }
    }

    /// Everybody on the path takes the column found for them; the last one is the row that had none.
    fn exchange(&mut self, row: usize, mut column: usize) {
        for _ in 0..=self.own.len() {
            let Some(taker) = self.from.get(column).copied() else { return };
            let left = self.own.get(taker).copied().flatten();
            set(&mut self.own, taker, Some(column));
            set(&mut self.owner, column, Some(taker));
            match left {
                Some(next) if taker != row => column = next,
                _ => return,
            }
        }
    }
}

fn set<T>(list: &mut [T], at: usize, value: T) {
    if let Some(cell) = list.get_mut(at) {
        *cell = value;
    }
}

fn raise(list: &mut [i64], at: usize, by: i64) {
    if let Some(cell) = list.get_mut(at) {
        *cell += by;
    }
}
