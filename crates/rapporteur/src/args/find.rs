//! `rapporteur find`, as typed.

use clap::{Args, ValueEnum};

use super::{Database, OffsetsName, When};

/// Find statements, or articles, by their words and by who said them
///
/// Words are looked for in what was said. A field narrows it down: `speaker:Lavrov`, `act:deny`, `since:2022-03`. The
/// newest come first. Case and accents do not count.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Find {
    /// What to look for; everything, if nothing is given
    ///
    /// Words must all occur. `OR` between words wants either, `-` before one excludes it,
    /// quotation marks keep words together, a `*` at the end of a word lets it go on.
    /// A field that is given twice wants either value.
    ///
    ///   speaker: role:   who says it: a name or words of it, and an office
    ///   country:         the speaker's, in two letters: RU
    ///   via: to:         who passed it on, and to whom it was said
    ///   about:           words that must be in what was said
    ///   act:             assert, deny, promise, demand, request, offer, accuse, threaten,
    ///                    reject, agree, ask, thank, condemn, express or other
    ///   quotation:       direct, indirect or mixed
    ///   channel:         tweet, post, call, letter, speech, interview, briefing, report,
    ///                    statement or broadcast
    ///   negated:         yes or no: "did not say"
    ///   confidence:      at least so sure, from 0 to 1
    ///   since: until:    days of publication: 2022, 2022-03 or 2022-03-16
    ///   outlet:          a domain or a name, or words of it
    ///   language: url:   the article's: en, and the whole address
    ///
    /// Several arguments are one query; what the shell kept together stays together.
    /// What begins with `-` comes after `--`.
    #[arg(value_name = "QUERY", verbatim_doc_comment)]
    pub(crate) query: Vec<String>,

    /// Find articles: words are looked for in their whole text, and fields of statements want one such statement
    #[arg(long)]
    pub(crate) articles: bool,

    /// The best matches first, instead of the newest
    #[arg(long)]
    pub(crate) rank: bool,

    /// At most N results, or `all` [default: 20 in a table on a terminal, else all]
    #[arg(short = 'n', long, value_name = "N", value_parser = limit)]
    pub(crate) limit: Option<Limit>,

    /// How results are printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: FindFormat,

    /// Make cells of csv that a spreadsheet would take for a formula begin with an apostrophe
    #[arg(long)]
    pub(crate) spreadsheet: bool,

    /// What positions count, in json, jsonl and csv
    #[arg(long, value_name = "UNIT", default_value = "codepoint")]
    pub(crate) offsets: OffsetsName,

    /// When to use colours; `auto` looks for a terminal and heeds NO_COLOR
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,

    /// Say on standard error how long it took
    #[arg(long)]
    pub(crate) timing: bool,

    #[command(flatten)]
    pub(crate) database: Database,
}

const EXAMPLES: &str = "\
Examples:
  The newest that was said of a ceasefire:
      rapporteur find ceasefire
  What somebody denied in a month:
      rapporteur find 'speaker:\"Inés Quiroga\" act:deny since:2023-10 until:2023-10'
  Either word, not a third, the best match first:
      rapporteur find --rank 'withdraw* OR \"full halt\" -grain'
  Articles of an outlet in which a minister speaks:
      rapporteur find --articles outlet:deccanobserver.example role:minister
  Everything there is, as a table for other programs:
      rapporteur find --format csv > statements.csv
  Who says most about it:
      rapporteur find --format jsonl ceasefire | jq -r .speaker | sort | uniq -c | sort -rn
  One of them, where it stands:
      rapporteur show KEY

A pipe gets all results, one at a time, in memory that does not grow.

Exit status: 0 if it was looked for, found or not; 1 if it could not be; 2 if the command was wrong.";

/// How many results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    All,
    Most(usize),
}

pub(super) fn limit(typed: &str) -> Result<Limit, String> {
    match typed.parse() {
        Ok(most) if most > 0 => Ok(Limit::Most(most)),
        _ if typed == "all" => Ok(Limit::All),
        _ => Err("neither `all` nor a number from 1 on".to_owned()),
    }
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FindFormat {
    /// For people: who, when, where, and the words that were looked for marked
    Table,
    /// One JSON array, an object for each result
    Json,
    /// One JSON object a line
    Jsonl,
    /// RFC 4180, with a line of headings
    Csv,
}
