//! Where the configuration file is: one file, the first that there is.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use super::CONFIG;

/// The file in the present folder.
const HERE: &str = "rapporteur.toml";

/// The file that holds, if there is one; `places` gets where it was looked for. One that is named has to be there.
pub(super) fn found(arguments: &[OsString], places: &mut Vec<PathBuf>) -> Result<Option<PathBuf>, String> {
    let named = typed(arguments).map(|path| (path, format!("--{CONFIG}")));
    let variable = "RAPPORTEUR_CONFIG";
    let named = named.or_else(|| env::var_os(variable).map(|path| (PathBuf::from(path), variable.to_owned())));
    if let Some((path, who)) = named {
        if path.as_os_str().is_empty() {
            return Ok(None);
        }
        places.push(path.clone());
        return match path.is_file() {
            true => Ok(Some(path)),
            false => Err(format!("{}: no such file, and {who} names it", path.display())),
        };
    }
    places.push(PathBuf::from(HERE));
    places.extend(folder().map(|folder| folder.join("rapporteur").join("config.toml")));
    Ok(places.iter().find(|path| path.is_file()).cloned())
}

/// What is typed after `--config`; clap reads it only when the defaults are known.
fn typed(arguments: &[OsString]) -> Option<PathBuf> {
    let long = format!("--{CONFIG}");
    let mut arguments = arguments.iter().skip(1).take_while(|argument| *argument != "--");
    while let Some(argument) = arguments.next() {
        if argument.to_str() == Some(&long) {
            return arguments.next().map(PathBuf::from);
        }
        if let Some(path) = argument.to_str().and_then(|text| text.strip_prefix(&long)?.strip_prefix('=')) {
            return Some(PathBuf::from(path));
        }
    }
    None
}

/// The user's folder for configuration.
fn folder() -> Option<PathBuf> {
    let of = |variable: &str| env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        return of("APPDATA");
    }
    of("XDG_CONFIG_HOME").or_else(|| of("HOME").map(|home| home.join(".config")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_that_is_typed_is_found_wherever_it_stands() {
        let found = |line: &str| typed(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert_eq!(found("rapporteur read --config a.toml x"), Some("a.toml".into()));
        assert_eq!(found("rapporteur --config=a.toml read x"), Some("a.toml".into()));
        assert_eq!(found("rapporteur read -- --config a.toml"), None);
        assert_eq!(found("rapporteur read --configure a.toml"), None);
    }
}
