//! `rapporteur config`, as typed.

use clap::{Args, ValueEnum};

/// Show each option's value and where it comes from
///
/// An option that is not typed takes its value from the environment, or else from the
/// configuration file, or else from the command itself. The file is the first there is of:
///
/// - what --config names, or the variable RAPPORTEUR_CONFIG (empty: no file)
/// - rapporteur.toml in the present folder
/// - rapporteur/config.toml in $XDG_CONFIG_HOME or ~/.config (Windows: %APPDATA%)
///
/// It is TOML. What stands at its top holds for all commands that have the option, what stands
/// under the name of a command for that one. Variables go by the same names: RAPPORTEUR_MODEL for
/// all commands, RAPPORTEUR_COLLECT_MODEL for one. A switch is true or false.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = EXAMPLES)]
pub(crate) struct Config {
    /// Only the options of this command
    #[arg(value_name = "COMMAND")]
    pub(crate) only: Option<String>,

    /// Print a configuration file with all options, commented out
    #[arg(long)]
    pub(crate) template: bool,

    /// How it is shown
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: ConfigFormat,
}

const EXAMPLES: &str = "\
Examples:
  A file to begin with:
      rapporteur config --template > rapporteur.toml
  What it may hold:
      db = \"/data/news.db\"
      model = \"accurate\"
      [collect]
      feeds = [\"feeds.opml\", \"https://…/rss.xml\"]
      every = \"10m\"
  What holds for one command, and why:
      rapporteur config collect

Exit status: 0 if all is well, 1 if the file or a variable has something that is not understood.";

/// How values are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConfigFormat {
    /// For people
    Table,
    /// One JSON array
    Json,
}
