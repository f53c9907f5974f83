//! What running a program costs. The operating system counts the children of a
//! process together, so each program is measured from a process of its own.

use anyhow::{Context as _, Result, ensure};
use nix::sys::resource::{UsageWho, getrusage};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// The first argument with which this program measures and nothing else.
pub const WORD: &str = "measure";

/// The cost of one run.
pub struct Cost {
    /// User and system time, in milliseconds, the mean of all runs.
    pub cpu_ms: f64,
    /// The largest resident set of any run, in MiB.
    pub peak_mib: f64,
}

impl Cost {
    /// Runs `program` with `arguments` and `input` on its standard input so many times.
    ///
    /// # Errors
    /// When it does not start, or ends with another code than 0 and 1.
    pub fn of(program: &Path, arguments: &[String], input: &[u8], runs: u32) -> Result<Self> {
        let mut measuring = Command::new(std::env::current_exe()?);
        measuring.arg(WORD).arg(runs.to_string()).arg(program).args(arguments);
        let mut child = measuring.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        child.stdin.take().context("no standard input")?.write_all(input)?;
        let output = child.wait_with_output()?;
        ensure!(output.status.success(), "`{}` cannot be measured", program.display());
        let text = String::from_utf8(output.stdout)?;
        let (cpu, peak) = text.trim().split_once(' ').context("no figures")?;
        Ok(Self { cpu_ms: cpu.parse()?, peak_mib: peak.parse()? })
    }
}

/// Runs the command and prints its cost.
///
/// # Errors
/// When it cannot be run.
pub fn measure_here(runs: u32, command: &[String]) -> Result<()> {
    let (program, arguments) = command.split_first().context("no program")?;
    let mut input = Vec::new();
    std::io::Read::read_to_end(&mut std::io::stdin(), &mut input)?;
    for _ in 0..runs {
        let mut run = Command::new(program);
        run.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = run.spawn()?;
        // A program that reads nothing may have closed its input.
        let _ = child.stdin.take().context("no standard input")?.write_all(&input);
        let status = child.wait()?;
        ensure!(matches!(status.code(), Some(0 | 1)), "{program}: {status}");
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let (user, system) = (usage.user_time(), usage.system_time());
    let micros = (user.tv_sec() + system.tv_sec()) * 1_000_000 + user.tv_usec() + system.tv_usec();
    println!("{} {}", micros as f64 / 1000.0 / f64::from(runs), usage.max_rss() as f64 / 1024.0);
    Ok(())
}
