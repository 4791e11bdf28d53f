//! A slip of the finger: a word of an order with one letter wrong, missing, doubled or in the wrong place.
//!
//! The ending is not forgiven, since it says who and when («ответил», «ответит»), and neither is the first letter («напишите», «запишите»). Not
//! here: the phrases (`order_words`), in which a slip is looked for only where nothing fits as it is written.

/// Beginnings of words that are no slips of an order's word but words of their own: «отметить», «заметить», «перевести».
const OTHERS: [&str; 6] = ["отмет", "отмеч", "замет", "замеч", "перевес", "перевод"];

/// Letters of a word in which one may be wrong; in a shorter one a letter may only be doubled or changed places.
const LONG: usize = 6;

/// Whether `said` is `meant` with one slip.
pub(super) fn slip(said: &str, meant: &str) -> bool {
    // Two bytes a letter: no word of a table is longer than 16 letters, and nothing else is worth a look.
    if said.len() > 40 || meant.len() < 8 || said.len().abs_diff(meant.len()) > 2 || OTHERS.iter().any(|o| said.starts_with(o)) {
        return false;
    }
    let (a, b): (Vec<char>, Vec<char>) = (said.chars().collect(), meant.chars().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let ending = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    if same == 0 {
        return false;
    }
    let long = b.len() >= LONG;
    match a.len().cmp(&b.len()) {
        // One wrong, or two that changed places.
        std::cmp::Ordering::Equal => {
            let swapped = a.get(same) == b.get(same + 1) && a.get(same + 1) == b.get(same) && a.get(same + 2..) == b.get(same + 2..);
            swapped || long && ending >= 2 && same + ending + 1 == a.len()
        }
        // One too many: in a short word the same twice.
        std::cmp::Ordering::Greater => {
            let doubled = a.get(same) == a.get(same.wrapping_sub(1));
            same + ending >= b.len() && (doubled || long && ending >= 2)
        }
        std::cmp::Ordering::Less => long && same + ending >= a.len() && ending >= 2,
    }
}
