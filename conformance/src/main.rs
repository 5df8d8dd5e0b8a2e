//! `bancada-conformance`: plays every case and scenario through every client and reports what differs.

#![expect(clippy::print_stdout, reason = "the report is this program's output")]

use std::process::ExitCode;

use bancada_conformance::case;
use bancada_conformance::runner::options::Options;
use bancada_conformance::runner::{html, junit, run, table};
use clap::Parser as _;

fn main() -> ExitCode {
    let options = Options::parse();
    if options.list {
        for case in case::all() {
            println!("{} / {}\n    {}", case.about, case.name, case.clause);
        }
        return ExitCode::SUCCESS;
    }
    match report(&options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("conformance: the run failed: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn report(options: &Options) -> anyhow::Result<bool> {
    let verdicts = run(options)?;
    junit::write(&verdicts, &options.out.join("junit.xml"))?;
    html::write(&verdicts, &options.out.join("report.html"))?;
    print!("{}", table::text(&verdicts, options.list_methods));
    println!("report: {}", options.out.join("report.html").display());
    println!("{}", table::summary(&verdicts));
    Ok(verdicts.good())
}
