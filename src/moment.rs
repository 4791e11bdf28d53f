//! Named moments: the places at which a program that dies leaves something half done. Each commit, each command to a server and each change of an
//! appeal's state passes one. In a school nobody watches, and passing is a look at one flag; the failpoint tests and the simulator watch, and take
//! what the disk and the servers hold at that moment as all that is left.

mod names;

pub use names::NAMES;

use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Threads that watch: while there are none, passing costs one relaxed load.
static WATCHED: AtomicUsize = AtomicUsize::new(0);

/// Called with the name of each moment that its thread passes.
type Watcher = Box<dyn FnMut(&'static str)>;

thread_local! {
    static WATCHER: RefCell<Option<Watcher>> = const { RefCell::new(None) };
}

/// A moment is passed.
#[inline]
pub fn pass(name: &'static str) {
    if WATCHED.load(Ordering::Relaxed) > 0 {
        tell(name);
    }
}

#[cold]
fn tell(name: &'static str) {
    // Taken out while it is called: a watcher that opens a store passes moments itself, which are nobody's business.
    let taken = WATCHER.with(|place| place.borrow_mut().take());
    if let Some(mut watcher) = taken {
        watcher(name);
        WATCHER.with(|place| {
            place.borrow_mut().get_or_insert(watcher);
        });
    }
}

/// Whether anybody watches this thread.
pub fn watched() -> bool {
    WATCHED.load(Ordering::Relaxed) > 0 && WATCHER.with(|place| place.borrow().is_some())
}

/// From now on the moments of this thread are watched, until the guard is dropped.
#[must_use]
pub fn watch(watcher: impl FnMut(&'static str) + 'static) -> Watching {
    WATCHER.with(|place| *place.borrow_mut() = Some(Box::new(watcher)));
    WATCHED.fetch_add(1, Ordering::Relaxed);
    Watching { _thread: std::marker::PhantomData }
}

/// As long as it lives the thread is watched.
#[derive(Debug)]
pub struct Watching {
    /// It belongs to the thread that made it.
    _thread: std::marker::PhantomData<*const ()>,
}

impl Drop for Watching {
    fn drop(&mut self) {
        WATCHED.fetch_sub(1, Ordering::Relaxed);
        WATCHER.with(|place| *place.borrow_mut() = None);
    }
}

#[cfg(test)]
mod tests;
