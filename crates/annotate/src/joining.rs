//! How likely a statement is right, from the form by which the rules found it and from the model's confidence.
//!
//! One logistic regression for each form: log-odds = `silent` where the model passes the statement over, else
//! `bias + factor · log-odds of the model's confidence`. Fitted by `training/joining.py`, kept in `models/joining.tsv`.

use crate::attribute::Pattern;

const TABLE: &str = include_str!("../models/joining.tsv");
const N_FORMS: usize = Pattern::ALL.len() + 1;

/// The regressions of one model.
#[derive(Clone, Debug)]
pub(crate) struct Joining {
    forms: [Form; N_FORMS],
    /// The probability under which a statement is dropped.
    pub(crate) least: f32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Form {
    silent: f32,
    bias: f32,
    factor: f32,
}

impl Joining {
    /// Those of the model of that kind.
    pub(crate) fn of(kind: &str) -> Self {
        let mut joining = Joining { forms: [Form::default(); N_FORMS], least: 0.5 };
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let cells: Vec<&str> = line.split('\t').collect();
            let [model, name, silent, bias, factor] = cells[..] else { continue };
            let number = |cell: &str| cell.parse().expect("the table holds numbers");
            if model != kind {
                continue;
            }
            let form = Form { silent: number(silent), bias: number(bias), factor: number(factor) };
            match Pattern::ALL.iter().position(|pattern| format!("{pattern:?}") == name) {
                Some(at) => joining.forms[at] = form,
                None if name == "LearnedQuotation" => joining.forms[N_FORMS - 1] = form,
                None => joining.least = logistic(form.silent),
            }
        }
        joining
    }

    /// The probability that content and source are right. `quoted`: whether all of the content is one quotation;
    /// `model`: the model's confidence, if it found the statement.
    pub(crate) fn confidence(&self, pattern: Pattern, quoted: bool, model: Option<f32>) -> f32 {
        let at = if pattern == Pattern::Learned && quoted {
            N_FORMS - 1
        } else {
            Pattern::ALL.iter().position(|other| *other == pattern).expect("all patterns are listed")
        };
        let form = self.forms[at];
        match model {
            None => logistic(form.silent),
            Some(p) => logistic(form.bias + form.factor * log_odds(p)),
        }
    }
}

fn log_odds(p: f32) -> f32 {
    let p = p.clamp(0.01, 0.99);
    (p / (1.0 - p)).ln()
}

fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_from_the_model_is_never_less() {
        let joining = Joining::of("fast");
        for pattern in Pattern::ALL {
            for quoted in [false, true] {
                let of = |p| joining.confidence(pattern, quoted, Some(p));
                assert!(of(0.2) <= of(0.5) && of(0.5) <= of(0.9), "{pattern:?}");
                assert!((0.0..=1.0).contains(&of(0.0)) && (0.0..=1.0).contains(&of(1.0)));
            }
        }
        assert!((0.05..0.95).contains(&joining.least));
    }
}
