//! `rapporteur show`, as typed.

use clap::{Args, ValueEnum};

use super::{Database, OffsetsName, When};

/// Show an article, a statement or a person of the database
///
/// An article is shown as `rapporteur read` prints it, with what became of it in other texts of its URL. A statement is
/// shown where it stands, with the way that it took, a citation that others can check, and what became of it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Show {
    /// A statement's key, an article's id or URL, an id with the number of one of its statements: ID#3, or a person's id
    ///
    /// Of ids and keys a beginning is enough, as long as only one begins so. Of a URL with several texts the last is shown.
    #[arg(value_name = "WHAT")]
    pub(crate) what: String,

    /// Only what became of it in other texts of its URL
    #[arg(long)]
    pub(crate) revisions: bool,

    /// How it is shown
    #[arg(long, value_name = "FORMAT", default_value = "pretty")]
    pub(crate) format: ShowFormat,

    /// What positions count, in json
    #[arg(long, value_name = "UNIT", default_value = "codepoint")]
    pub(crate) offsets: OffsetsName,

    /// When to use colours; `auto` looks for a terminal and heeds NO_COLOR
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,

    #[command(flatten)]
    pub(crate) database: Database,
}

const EXAMPLES: &str = "\
Examples:
  A statement that `rapporteur find` listed, and the third of an article:
      rapporteur show bbw38qy3dwgp
      rapporteur show b3:46aa18eab235#3
  An article by its URL, in a pager:
      rapporteur show --color always https://www.deccanobserver.example/… | less -R
  What was dropped or changed in a story since it came out:
      rapporteur show --revisions https://www.deccanobserver.example/…
  A citation for a footnote: the words, what stands around them, their place, and the hash of the page:
      rapporteur show --format json bbw38qy3dwgp | jq .citation

Exit status: 0 if it was shown, 1 if there is no such thing, 2 if the command was wrong.";

/// How it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShowFormat {
    /// For people
    Pretty,
    /// One JSON object, indented: of an article its document, as `read` prints it
    Json,
}
