//! `rapporteur backup` and `rapporteur check`.

use std::io::{self, Write};

use anyhow::bail;
use rapporteur::pretty::visible;
use rapporteur_store::Store;

use crate::args::{Backup, Check};

/// Copies the database and reads the copy.
pub(crate) fn backup(args: &Backup) -> anyhow::Result<bool> {
    Store::open(&args.database.path)?.backup(&args.target)?;
    let copy = Store::open(&args.target)?;
    let n_flaws = copy.check(tell)?;
    if n_flaws > 0 {
        bail!(
            "{}: the copy has {n_flaws} flaws; `rapporteur check` tells whether the database has",
            args.target.display()
        );
    }
    let n_articles = copy.stats()?.n_articles;
    say(&format!("{}: {n_articles} articles, read again and sound", args.target.display()))?;
    Ok(true)
}

/// Looks through the database; returns whether all is well.
pub(crate) fn check(args: &Check) -> anyhow::Result<bool> {
    let store = Store::open(&args.database.path)?;
    let n_flaws = store.check(tell)?;
    let (name, n_articles) = (args.database.path.display(), store.stats()?.n_articles);
    match n_flaws {
        0 => say(&format!("{name}: {n_articles} articles, sound"))?,
        n => say(&format!("{name}: {n_articles} articles, {n} flaws"))?,
    }
    Ok(n_flaws == 0)
}

fn tell(flaw: rapporteur_store::Flaw) {
    let _ = writeln!(io::stderr(), "{}", visible(&format!("{}: {}", flaw.place, flaw.what)));
}

fn say(line: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{}", visible(line))
}
