//! Where results go: each format is one file that takes them one at a time.

use std::io;

use rapporteur_store::{ArticleFound, StatementFound};

/// Takes the results of a search, which are all statements or all articles, in their order.
pub(crate) trait Sink {
    /// Takes a statement.
    fn statement(&mut self, found: &StatementFound) -> io::Result<()>;

    /// Takes an article.
    fn article(&mut self, found: &ArticleFound) -> io::Result<()>;

    /// Writes what comes after the last one, and all that was held back.
    fn finish(&mut self) -> io::Result<()>;
}
