//! A panic while one article is read becomes an error of that article.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};

thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
    static SEEN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// From now on, a panic inside [`caught`] prints nothing.
pub(crate) fn keep_quiet() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| if CATCHING.get() { note(info) } else { usual(info) }));
}

fn note(info: &PanicHookInfo) {
    let payload = info.payload();
    let owned = payload.downcast_ref::<String>().map(String::as_str);
    let words = owned.or(payload.downcast_ref::<&str>().copied()).unwrap_or("panicked");
    let place = info.location().map(|at| format!(" at {}:{}", at.file(), at.line())).unwrap_or_default();
    SEEN.set(format!("internal error, please report it: {}{place}", words.lines().next().unwrap_or_default()));
}

/// What `work` returns, or in one line why it panicked.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let before = CATCHING.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    CATCHING.set(before);
    result.map_err(|_| SEEN.take())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_one_line() {
        keep_quiet();
        let reason = caught(|| if true { panic!("no such token\nat all") } else { 1 }).unwrap_err();
        assert!(reason.starts_with("internal error, please report it: no such token at "), "{reason}");
        assert!(!reason.contains('\n') && reason.contains("panics.rs:"), "{reason}");
        assert_eq!(caught(|| 2), Ok(2));
    }
}
