//! A watched thread is told each moment once; others and later ones are not.

use super::{pass, watch};
use std::cell::RefCell;
use std::rc::Rc;

#[test]
fn only_a_watched_thread_is_told() {
    let told = Rc::new(RefCell::new(Vec::new()));
    let told_too = Rc::clone(&told);
    pass("before");
    let watching = watch(move |name| {
        // What the watcher itself passes is not told.
        pass("within");
        told_too.borrow_mut().push(name);
    });
    pass("one");
    std::thread::spawn(|| pass("elsewhere")).join().unwrap();
    pass("two");
    drop(watching);
    pass("after");
    assert_eq!(*told.borrow(), ["one", "two"]);
}
