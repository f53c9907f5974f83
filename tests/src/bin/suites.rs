//! Runs every test and closes with a table: unit, SQLite, PostgreSQL, command
//! line, browser. `make test` starts it. A suite whose program is not installed
//! is skipped in words, and with `CI=true` that is a failure, as is a suite
//! that ran nothing or left a file behind.

use anyhow::{Context as _, Result, ensure};
use bomwarden_tests::postgres::{Cluster, Durability, programs_folder};
use bomwarden_tests::{database, programs};
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// A program with tests, as cargo built it.
struct Program {
    path: PathBuf,
    /// The folder of its crate, in which cargo would run it.
    folder: PathBuf,
    /// Whether it is the one integration binary.
    integration: bool,
}

/// A row of the table.
struct Suite {
    name: &'static str,
    run: usize,
    failed: usize,
    skipped: usize,
    time: Duration,
    /// Why it was skipped, or what is wrong with it beside failed tests.
    remark: String,
}

/// The parts of the integration binary that are not run on each database.
const APART: &[&str] = &["house::", "postgres::", "cli::", "browser::"];

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("tests: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<bool> {
    let before = git_status();
    let programs = built()?;
    let main = programs.iter().find(|program| program.integration).context("the integration binary is not built")?;
    let all: Vec<&str> = APART.to_vec();

    let mut suites = vec![unit(&programs, main)?];
    suites.push(suite("SQLite", main, &Filter { only: &[], but: &all }, None)?);
    suites.push(match programs_folder().and_then(|_| programs::foreign("psql", "postgresql-client")) {
        Ok(_) => {
            let cluster = Cluster::start(Durability::Fast)?;
            let url = cluster.url("postgres");
            let filter = Filter { only: &[], but: &["house::", "cli::", "browser::"] };
            let mut suite = suite("PostgreSQL", main, &filter, Some(&url))?;
            // What the server's own tests prove on a file must hold there too.
            for program in programs.iter().filter(|program| !program.integration && program.folder.ends_with("server")) {
                suite.add(&ran(program, &[], Some(&url))?);
            }
            suite
        }
        Err(error) => skipped("PostgreSQL", main, &Filter { only: &[], but: &["house::", "cli::", "browser::"] }, &error)?,
    });
    suites.push(suite("CLI", main, &Filter { only: &["cli::"], but: &[] }, None)?);
    let browser = Filter { only: &["browser::"], but: &[] };
    let installed = programs::foreign("chromium", "chromium").and(programs::foreign("chromedriver", "chromium-driver"));
    suites.push(match installed {
        Ok(_) => suite("browser", main, &browser, None)?,
        Err(error) => skipped("browser", main, &browser, &error)?,
    });
    let left: Vec<String> = git_status().lines().filter(|line| !before.lines().any(|l| l == *line)).map(str::to_owned).collect();
    Ok(close(&suites, &left))
}

/// What a run of the integration binary picks from its tests.
struct Filter<'a> {
    only: &'a [&'a str],
    but: &'a [&'a str],
}

impl Filter<'_> {
    fn arguments(&self) -> Vec<String> {
        let but = self.but.iter().flat_map(|name| ["--skip".to_owned(), (*name).to_owned()]);
        self.only.iter().map(|name| (*name).to_owned()).chain(but).collect()
    }
}

fn unit(programs: &[Program], main: &Program) -> Result<Suite> {
    println!("== unit ==");
    let start = Instant::now();
    let mut unit = Suite { name: "unit", run: 0, failed: 0, skipped: 0, time: Duration::ZERO, remark: String::new() };
    for program in programs.iter().filter(|program| !program.integration) {
        unit.add(&ran(program, &[], None)?);
    }
    unit.add(&ran(main, &["house::".to_owned()], None)?);
    unit.time = start.elapsed();
    Ok(unit)
}

fn suite(name: &'static str, main: &Program, filter: &Filter<'_>, database_url: Option<&str>) -> Result<Suite> {
    println!("== {name} ==");
    let start = Instant::now();
    let mut suite = Suite { name, run: 0, failed: 0, skipped: 0, time: Duration::ZERO, remark: String::new() };
    suite.add(&ran(main, &filter.arguments(), database_url)?);
    suite.time = start.elapsed();
    Ok(suite)
}

fn skipped(name: &'static str, main: &Program, filter: &Filter<'_>, why: &anyhow::Error) -> Result<Suite> {
    println!("== {name}: skipped, {why:#} ==");
    let output = command(main).arg("--list").args(filter.arguments()).output().context("the tests cannot be listed")?;
    let listed = String::from_utf8_lossy(&output.stdout).lines().filter(|line| line.ends_with(": test")).count();
    Ok(Suite { name, run: 0, failed: 0, skipped: listed, time: Duration::ZERO, remark: format!("{why:#}") })
}

impl Suite {
    fn add(&mut self, counted: &Counted) {
        self.run += counted.passed + counted.failed;
        self.failed += counted.failed;
        self.skipped += counted.ignored;
        if self.remark.is_empty() {
            self.remark.clone_from(&counted.remark);
        }
    }

    /// Whether the suite did what it is there for.
    fn good(&self, ci: bool) -> bool {
        let ran = self.run > 0 || (self.skipped > 0 && !ci);
        ran && self.failed == 0 && (self.skipped == 0 || !ci)
    }
}

/// What one program's run came to.
#[derive(Default)]
struct Counted {
    passed: usize,
    failed: usize,
    ignored: usize,
    remark: String,
}

fn command(program: &Program) -> Command {
    let mut command = Command::new(&program.path);
    command.current_dir(&program.folder).env("CARGO_MANIFEST_DIR", &program.folder);
    command.env("INSTA_UPDATE", "no").env(programs::BUILT, "1").env_remove(database::URL).stdin(Stdio::null());
    command
}

/// Runs a program, shows everything but tests that went well, and counts.
fn ran(program: &Program, arguments: &[String], database_url: Option<&str>) -> Result<Counted> {
    let mut command = command(program);
    if let Some(url) = database_url {
        command.env(database::URL, url);
    }
    let mut child = command.args(arguments).stdout(Stdio::piped()).spawn().context("a test program does not start")?;
    let out = child.stdout.take().context("a test program has an output")?;
    let mut counted = Counted::default();
    for line in BufReader::new(out).lines() {
        let line = line.context("a test program's output breaks off")?;
        if let Some(figures) = line.strip_prefix("test result: ") {
            counted.read(figures);
        } else if !(line.is_empty() || line.starts_with("running ") || line.starts_with("test ") && line.ends_with("... ok")) {
            println!("{line}");
        }
    }
    let status = child.wait().context("a test program cannot be waited for")?;
    if !status.success() && counted.failed == 0 {
        counted.failed = 1;
        counted.remark = format!("{} ended with {status}", program.path.display());
    }
    Ok(counted)
}

impl Counted {
    /// Reads `ok. 3 passed; 0 failed; 1 ignored; …`.
    fn read(&mut self, figures: &str) {
        for part in figures.split(['.', ';']) {
            let mut words = part.split_whitespace();
            let number = words.next().and_then(|word| word.parse::<usize>().ok()).unwrap_or(0);
            match words.next() {
                Some("passed") => self.passed += number,
                Some("failed") => self.failed += number,
                Some("ignored") => self.ignored += number,
                _ => {}
            }
        }
    }
}

/// Asks cargo for every program with tests; builds what is not built yet.
fn built() -> Result<Vec<Program>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["test", "--workspace", "--no-run", "--lib", "--bins", "--tests", "--message-format=json-render-diagnostics"])
        .current_dir(programs::workspace())
        .stderr(Stdio::inherit())
        .output()
        .context("cargo does not start")?;
    ensure!(output.status.success(), "the tests do not build");
    Ok(String::from_utf8_lossy(&output.stdout).lines().filter_map(program).collect())
}

fn program(message: &str) -> Option<Program> {
    let message: Value = serde_json::from_str(message).ok()?;
    let for_tests = message["profile"]["test"].as_bool()?;
    let path = PathBuf::from(message["executable"].as_str().filter(|_| for_tests)?);
    let folder = Path::new(message["manifest_path"].as_str()?).parent()?.to_path_buf();
    let is_test = message["target"]["kind"].as_array()?.iter().any(|kind| kind == "test");
    let integration = is_test && message["target"]["name"] == "main";
    Some(Program { path, folder, integration })
}

fn git_status() -> String {
    let output = Command::new("git").args(["status", "--porcelain"]).current_dir(programs::workspace()).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
}

/// Prints the table and the closing line; whether all is well.
fn close(suites: &[Suite], left: &[String]) -> bool {
    let ci = std::env::var("CI").is_ok_and(|value| value == "true");
    println!("\n{:<12}{:>6}{:>8}{:>9}{:>9}", "suite", "run", "failed", "skipped", "seconds");
    for suite in suites {
        let seconds = suite.time.as_secs_f64();
        println!("{:<12}{:>6}{:>8}{:>9}{seconds:>9.1}  {}", suite.name, suite.run, suite.failed, suite.skipped, suite.remark);
    }
    for suite in suites.iter().filter(|suite| !suite.good(ci) && suite.failed == 0) {
        let why = if suite.skipped > 0 { "was skipped, which CI=true does not allow" } else { "ran nothing" };
        println!("tests: {} {why}", suite.name);
    }
    left.iter().for_each(|line| println!("tests: left behind: {line}"));
    let sum = |figure: fn(&Suite) -> usize| suites.iter().map(figure).sum::<usize>();
    let (run, failed, skipped) = (sum(|s| s.run), sum(|s| s.failed), sum(|s| s.skipped));
    let tail = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
    println!("\n{} passed, {failed} failed{tail}", run - failed);
    left.is_empty() && suites.iter().all(|suite| suite.good(ci))
}
