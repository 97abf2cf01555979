//! The command line, as typed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use rapporteur::extract::Form;
use rapporteur::record::{Moment, Offsets};

/// Reads the news and keeps the record: who said what, through whom, tied to the characters that say so.
#[derive(Debug, Parser)]
#[command(name = "rapporteur", version, about, max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Read(Read),
    Why(Why),
}

/// Read news pages and print who said what
///
/// An input is a saved web page or a text, or the address of one, which is fetched. The reading goes to standard output
/// in the order of the inputs. What can't be read is named on standard error, and the run goes on.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES_AND_STATUS)]
pub(crate) struct Read {
    /// Files, folders, web addresses (http:// or https://), or `-` for standard input
    ///
    /// A folder is read with all folders in it, sorted by name; hidden files and links to folders are passed over.
    /// Addresses are asked for as a browser would, without robots.txt, and a host is not asked for two pages at once.
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// What the inputs are; `text` keeps each character, so that positions hold in the file itself
    #[arg(long = "as", value_name = "FORM", default_value = "auto")]
    pub(crate) form: FormName,

    /// Where the page was found; once for all INPUTs, or once for each, in their order [default: where it was fetched]
    #[arg(long = "url", value_name = "URL")]
    pub(crate) urls: Vec<String>,

    /// The day of publication, YYYY-MM-DD or RFC 3339, whatever the page says; once for all INPUTs, or once for each
    #[arg(long = "date", value_name = "DATE")]
    pub(crate) dates: Vec<Moment>,

    /// How the reading is printed
    #[arg(long, value_name = "FORMAT", default_value = "pretty")]
    pub(crate) format: Format,

    /// What positions count, in json and jsonl
    #[arg(long, value_name = "UNIT", default_value = "codepoint")]
    pub(crate) offsets: OffsetsName,

    /// When to use colours; `auto` looks for a terminal and heeds NO_COLOR
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,

    #[command(flatten)]
    pub(crate) model: ModelArg,

    /// Leave out statements that are less sure than P, from 0 to 1
    ///
    /// `0.5` drops what is wrong more often than not. Entities stay; statements are numbered anew.
    #[arg(long, value_name = "P", value_parser = probability)]
    pub(crate) min_confidence: Option<f32>,

    /// Read N inputs at a time [default: one for each core]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub(crate) jobs: Option<u16>,

    #[command(flatten)]
    pub(crate) fetching: Fetching,
}

const EXAMPLES_AND_STATUS: &str = "\
Examples:
  One page, its statements marked in place, and a table of them:
      rapporteur read page.html
      rapporteur read --color always page.html | less -R
  A page of the web, and one that another program fetches:
      rapporteur read https://…
      curl -s https://… | rapporteur read - --url https://…
  A folder of pages, one JSON object a line:
      rapporteur read --format jsonl archive/ > record.jsonl
  Plain texts, all of one day:
      rapporteur read --as text --date 2022-03-16 *.txt
  Only what is likely right:
      rapporteur read --min-confidence 0.7 page.html
  Who does what by saying something, as a table:
      rapporteur read --format jsonl page.html | jq -r \\
        '.entities as $e | .statements[] | select(.speaker) | [$e[.speaker].name, .act] | @tsv'

Exit status: 0 if everything was read, 1 if some of it could not be, 2 if the command was wrong.";

/// Tell why a page is read as it is
///
/// Each statement is printed where it stands, and under it: who speaks, and what the pronoun or role was taken for; the
/// cue, the rule and the model that found it; through whom it came; how sure it is and why. Last comes what was found
/// and left out.
#[derive(Debug, Args)]
#[command(after_help = WHY_EXAMPLES)]
pub(crate) struct Why {
    /// A file, a web address, or `-` for standard input
    #[arg(value_name = "INPUT")]
    pub(crate) input: PathBuf,

    /// Only statement N, as the table of `rapporteur read` counts them, from 1
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) statement: Option<u32>,

    /// What the input is; `text` keeps each character, so that positions hold in the file itself
    #[arg(long = "as", value_name = "FORM", default_value = "auto")]
    pub(crate) form: FormName,

    /// Where the page was found
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,

    /// The day of publication, YYYY-MM-DD or RFC 3339, whatever the page says
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<Moment>,

    /// How it is told
    #[arg(long, value_name = "FORMAT", default_value = "pretty")]
    pub(crate) format: WhyFormat,

    /// What positions count, in json
    #[arg(long, value_name = "UNIT", default_value = "codepoint")]
    pub(crate) offsets: OffsetsName,

    /// When to use colours; `auto` looks for a terminal and heeds NO_COLOR
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,

    #[command(flatten)]
    pub(crate) model: ModelArg,

    #[command(flatten)]
    pub(crate) fetching: Fetching,
}

const WHY_EXAMPLES: &str = "\
Examples:
  Everything about a page, in a pager:
      rapporteur why --color always page.html | less -R
  Why statement 3 has that speaker:
      rapporteur why --statement 3 page.html
  What the rules alone would have made of it:
      rapporteur why --model rules page.html
  Pronouns, and whom each was taken for:
      rapporteur why --format json page.html | jq -r \\
        '.statements[].speaker | select(.form == \"pronoun\") | [.source[0].text, .entities[0].name] | @tsv'

Exit status: 0 if it was read, 1 if it could not be, 2 if the command was wrong.";

/// How web addresses are fetched.
#[derive(Debug, Args)]
#[command(next_help_heading = "Fetching web addresses")]
pub(crate) struct Fetching {
    /// Fetch from private addresses too, this machine's own among them, and from any port
    ///
    /// Without it, pages come from public addresses and the ports 80, 443, 8080 and 8443, and so must all that they
    /// redirect to. A proxy of HTTPS_PROXY or HTTP_PROXY may be private in any case; it looks names up itself.
    #[arg(long)]
    pub(crate) allow_private: bool,

    /// The longest page, in megabytes
    #[arg(long, value_name = "MB", default_value = "20", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) max_page: u16,

    /// The most time for a page, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = clap::value_parser!(u16).range(1..=3600))]
    pub(crate) timeout: u16,

    /// The pause between two pages of one host, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "2", value_parser = clap::value_parser!(u16).range(0..=3600))]
    pub(crate) delay: u16,

    /// The name that is given to servers [default: Rapporteur/VERSION and where to find it]
    #[arg(long, value_name = "NAME")]
    pub(crate) user_agent: Option<String>,
}

/// What reads.
#[derive(Debug, Args)]
pub(crate) struct ModelArg {
    /// What reads: fast, accurate, cascade, rules, or a FILE of weights
    ///
    /// - fast:     built in
    /// - accurate: finds more and takes longer; its weights are a file, accurate.rapmodel
    /// - cascade:  fast for everything, accurate once more for what was hard
    /// - rules:    no weights; much faster, and blind to rarer words of saying
    /// - FILE:     weights of your own, as `training/` makes them
    ///
    /// accurate.rapmodel is looked for in the folder $RAPPORTEUR_MODELS, beside the program, in
    /// models/ beside it, and in ../share/rapporteur/models.
    #[arg(long = "model", value_name = "MODEL", default_value = "fast", verbatim_doc_comment,
          value_parser = OsStringValueParser::new().try_map(model_name))]
    pub(crate) name: ModelName,
}

/// What reads beside the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ModelName {
    Fast,
    Accurate,
    Cascade,
    Rules,
    File(PathBuf),
}

fn model_name(name: OsString) -> Result<ModelName, String> {
    match name.to_str() {
        Some("fast") => return Ok(ModelName::Fast),
        Some("accurate") => return Ok(ModelName::Accurate),
        Some("cascade") => return Ok(ModelName::Cascade),
        Some("rules") => return Ok(ModelName::Rules),
        _ => {}
    }
    let path = Path::new(&name);
    if path.components().count() > 1 || path.is_absolute() || path.exists() {
        return Ok(ModelName::File(path.to_owned()));
    }
    Err("neither fast, accurate, cascade or rules nor a file".to_owned())
}

fn probability(typed: &str) -> Result<f32, String> {
    let number: f32 = typed.parse().map_err(|_| "no number".to_owned())?;
    if (0.0..=1.0).contains(&number) { Ok(number) } else { Err("not from 0 to 1".to_owned()) }
}

/// How the bytes of an input are taken.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FormName {
    /// A web page or a text, whichever it looks like
    Auto,
    /// A web page
    Html,
    /// The article itself
    Text,
}

impl From<FormName> for Form {
    fn from(name: FormName) -> Form {
        match name {
            FormName::Auto => Form::Auto,
            FormName::Html => Form::Html,
            FormName::Text => Form::Text,
        }
    }
}

/// How a reading is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: the marked article and a table
    Pretty,
    /// One JSON array, indented
    Json,
    /// One JSON object a line
    Jsonl,
}

/// How it is told why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum WhyFormat {
    /// For people: each statement and what is known of it
    Pretty,
    /// One JSON object, indented
    Json,
}

/// The unit of printed positions.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum OffsetsName {
    /// Unicode code points, as Python counts
    Codepoint,
    /// UTF-8 bytes, as Rust and Go count
    Byte,
    /// UTF-16 units, as JavaScript and Java count
    Utf16,
}

impl From<OffsetsName> for Offsets {
    fn from(name: OffsetsName) -> Offsets {
        match name {
            OffsetsName::Codepoint => Offsets::Codepoint,
            OffsetsName::Byte => Offsets::Byte,
            OffsetsName::Utf16 => Offsets::Utf16,
        }
    }
}

/// When colours are used.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum When {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// In any case
    Always,
    /// In no case
    Never,
}
