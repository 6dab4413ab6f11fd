//! `ce credit`: what some minutes of instruction yield by a body's rule, with the arithmetic. It reads nothing and changes nothing.
//!
//! Exit 0 with the credit, 0.00 too; exit 2 with an error when a number can't be what it should.

use clap::Args;
use domain::{
    credit_type::{Rounding, Rule, credit},
    hours::CreditHours,
};
use serde_json::json;
use std::process::ExitCode;

/// More minutes than any event has: a hundred days.
const MOST_MINUTES: u32 = 144_000;
/// Ten contact hours are the longest credit; sixteen hours are a long day.
const MOST_MINUTES_PER_CREDIT: u32 = 960;

/// Exit code for what can't be counted.
const UNREADABLE: u8 = 2;

/// Counts credit by a body's rule, and shows the arithmetic.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct CreditArgs {
    /// Minutes of instruction, without breaks.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    minutes: String,
    /// Minutes that make one credit, such as 50 or 60.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    minutes_per_credit: String,
    /// Steps that credit is counted in, such as 0.2, 0.25, 0.5 or 1; hundredths if there are none.
    #[arg(long, value_name = "STEP", allow_hyphen_values = true)]
    increment: Option<String>,
    /// What becomes of a part of a step: down, nearest or up.
    #[arg(long, value_name = "HOW")]
    rounding: String,
    /// Less than these minutes gives nothing.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    minimum_minutes: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

const HELP: &str = "\
With --json, version 1 of this contract (the order of keys is free, other keys may come):
  {\"credit\": \"1.60\", \"arithmetic\": \"80 minutes ÷ 50 = 1.60; in steps of 0.20, rounded down: 1.60\"}
  Exit 0. What can't be counted: exit 2 and {\"error\": {\"code\", \"text\"}}.";

/// What can't be counted.
#[derive(Debug, thiserror::Error)]
enum NoCredit {
    #[error("--minutes has to be a whole number from 0 to {MOST_MINUTES}.")]
    Minutes,
    #[error("--minutes-per-credit has to be a whole number from 1 to {MOST_MINUTES_PER_CREDIT}.")]
    MinutesPerCredit,
    #[error("--increment has to be more than zero with at most two decimals, such as 0.2, 0.25, 0.5 or 1.")]
    Increment,
    #[error("--rounding has to be down, nearest or up.")]
    Rounding,
    #[error("--minimum-minutes has to be a whole number from 0 to {MOST_MINUTES_PER_CREDIT}.")]
    MinimumMinutes,
}

impl NoCredit {
    /// The stable code.
    fn code(&self) -> &'static str {
        match self {
            NoCredit::Minutes => "bad_minutes",
            NoCredit::MinutesPerCredit => "bad_minutes_per_credit",
            NoCredit::Increment => "bad_increment",
            NoCredit::Rounding => "bad_rounding",
            NoCredit::MinimumMinutes => "bad_minimum_minutes",
        }
    }
}

/// Runs `ce credit …`.
pub(crate) fn run(args: CreditArgs) -> ExitCode {
    let (seconds, rule) = match args.read() {
        Ok(read) => read,
        Err(error) => {
            if args.json {
                println!("{}", json!({"error": {"code": error.code(), "text": error.to_string()}}));
            } else {
                eprintln!("{error}");
            }
            return ExitCode::from(UNREADABLE);
        }
    };
    let credit = credit(seconds, &rule);
    if args.json {
        println!("{}", json!({"credit": credit.amount(), "arithmetic": credit.arithmetic}));
    } else {
        println!("{}\n{}", credit.amount(), credit.arithmetic);
    }
    ExitCode::SUCCESS
}

impl CreditArgs {
    fn read(&self) -> Result<(u64, Rule), NoCredit> {
        let minutes = number(&self.minutes, 0..=MOST_MINUTES).ok_or(NoCredit::Minutes)?;
        let minutes_per_credit = number(&self.minutes_per_credit, 1..=MOST_MINUTES_PER_CREDIT);
        let minimum = self.minimum_minutes.as_deref().unwrap_or("0");
        let minimum_minutes = number(minimum, 0..=MOST_MINUTES_PER_CREDIT);
        let increment = self.increment.as_deref().map(CreditHours::parse).transpose();
        let rule = Rule {
            minutes_per_credit: minutes_per_credit
                .and_then(|minutes| u16::try_from(minutes).ok())
                .ok_or(NoCredit::MinutesPerCredit)?,
            increment: increment.map_err(|_| NoCredit::Increment)?,
            rounding: Rounding::parse(&self.rounding).ok_or(NoCredit::Rounding)?,
            minimum_minutes: minimum_minutes
                .and_then(|minutes| u16::try_from(minutes).ok())
                .ok_or(NoCredit::MinimumMinutes)?,
            first_credit_whole: false,
        };
        Ok((u64::from(minutes) * 60, rule))
    }
}

fn number(raw: &str, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
    let is_plain = raw.bytes().all(|b| b.is_ascii_digit());
    raw.parse().ok().filter(|number| is_plain && range.contains(number))
}
