//! Options that several commands have.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::builder::{OsStringValueParser, Resettable, TypedValueParser};
use clap::{Args, ValueEnum};
use rapporteur::extract::Form;
use rapporteur::record::Offsets;

/// Which database.
#[derive(Debug, Args)]
pub(crate) struct Database {
    /// The database
    #[arg(long = "db", value_name = "FILE", default_value = "rapporteur.db")]
    pub(crate) path: PathBuf,
}

/// How long a page may be.
#[derive(Debug, Args)]
pub(crate) struct LongestPage {
    /// The longest page that is read, in megabytes, unpacked; a longer one is refused
    #[arg(long, value_name = "MB", default_value = "20", value_parser = clap::value_parser!(u16).range(1..=256),
          help_heading = Resettable::Reset)]
    pub(crate) max_page: u16,
}

impl LongestPage {
    /// In bytes.
    pub(crate) fn n_bytes(&self) -> u64 {
        u64::from(self.max_page) * 1_000_000
    }
}

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

    #[command(flatten)]
    pub(crate) longest: LongestPage,

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
