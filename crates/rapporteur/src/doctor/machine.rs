//! The program, its machine, its configuration and its weights.

use std::env;
use std::io::{self, IsTerminal};
use std::num::NonZero;
use std::thread::available_parallelism;

use rapporteur::annotate::Annotator;

use super::{Hear, bad, bytes, doubtful, well};
use crate::args::{ModelName, When};
use crate::settings::Settings;
use crate::{load, models, paper};

pub(super) fn look(settings: &Settings, model: &ModelName, hear: Hear) -> anyhow::Result<()> {
    program(hear)?;
    terminal(hear)?;
    configuration(settings, hear)?;
    network(hear)?;
    weights(model, hear)
}

fn program(hear: Hear) -> anyhow::Result<()> {
    let build = if cfg!(debug_assertions) { "debug" } else { "release" };
    let (version, system, machine) = (env!("CARGO_PKG_VERSION"), env::consts::OS, env::consts::ARCH);
    let seen = format!("rapporteur {version} ({build}), {system} on {machine}");
    hear(match build {
        "debug" => doubtful("program", format!("{seen}; build with --release, it is several times as fast")),
        _ => well("program", seen),
    })?;
    let n_threads = available_parallelism().map_or(1, NonZero::get);
    hear(well("processor", format!("{n_threads} threads, {}", instructions())))
}

/// What the products of matrices can use.
fn instructions() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    {
        if std::arch::is_x86_feature_detected!("avx512f") {
            return "AVX-512";
        }
        if std::arch::is_x86_feature_detected!("avx2") {
            return "AVX2";
        }
    }
    "without AVX2, so models read slowly"
}

fn terminal(hear: Hear) -> anyhow::Result<()> {
    if !io::stdout().is_terminal() {
        return hear(well("terminal", "standard output is none"));
    }
    let paper = paper::on_stdout(When::Auto);
    let colours = if paper.colours { "with colours" } else { "without colours" };
    let seen = format!("{} columns, {colours}", paper.width);
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| env::var(name).ok().filter(|it| !it.is_empty()));
    let is_utf8 = locale.as_ref().is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    });
    hear(match (is_utf8, locale) {
        (false, Some(locale)) if cfg!(unix) => {
            doubtful("terminal", format!("{seen}, and the locale {locale} may not show all letters: set LANG=C.UTF-8"))
        }
        _ => well("terminal", seen),
    })
}

fn configuration(settings: &Settings, hear: Hear) -> anyhow::Result<()> {
    for problem in &settings.problems {
        hear(bad("configuration", problem))?;
    }
    for name in &settings.unknown_variables {
        hear(doubtful("configuration", format!("{name} is a variable for no option; `rapporteur config` lists them")))?;
    }
    if settings.problems.is_empty() {
        let seen = settings.file.as_ref().map(|path| path.display().to_string());
        hear(well("configuration", seen.unwrap_or_else(|| "no file, which is no fault".to_owned())))?;
    }
    Ok(())
}

fn network(hear: Hear) -> anyhow::Result<()> {
    let names =
        ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY"].iter().flat_map(|name| [name.to_string(), name.to_lowercase()]);
    let set = names.into_iter().find(|name| env::var_os(name).is_some_and(|value| !value.is_empty()));
    hear(well("network", set.map_or("no proxy is set".to_owned(), |name| format!("by the proxy that {name} names"))))
}

fn weights(model: &ModelName, hear: Hear) -> anyhow::Result<()> {
    let built_in = Annotator::built_in();
    hear(well("weights", format!("built in, {}, {}", bytes(built_in.len() as u64), hash(built_in))))?;
    let named = match model {
        ModelName::File(path) => Ok(path.clone()),
        _ => models::accurate(),
    };
    let is_wanted = matches!(model, ModelName::File(_) | ModelName::Accurate | ModelName::Cascade);
    let read = named.map_err(|error| error.to_string()).and_then(|path| {
        let name = path.display().to_string();
        let weights = load::bytes(&path).map_err(|reason| format!("{name}: {reason}"))?;
        Annotator::with_model(&weights).map_err(|error| format!("{name}: {error}"))?;
        Ok(format!("{name}, {}, {}", bytes(weights.len() as u64), hash(&weights)))
    });
    hear(match read {
        Ok(seen) => well("weights", seen),
        Err(reason) if is_wanted => bad("weights", reason),
        Err(reason) => well("weights", format!("without the accurate ones: {reason}")),
    })
}

/// The beginning of the BLAKE3 of a file, as `b3sum` prints it.
fn hash(bytes: &[u8]) -> String {
    format!("b3:{}", &blake3::hash(bytes).to_hex()[..16])
}
