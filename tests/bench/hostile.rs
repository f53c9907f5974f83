//! Inputs made to hurt a reader, forty and more: each is read in a process of its own, and
//! its peak memory and its time stand in a table beside the bounds. Time is judged by what
//! was taken of the processor, whatever else the machine does; the wall's stands beside it.
//! `make hostile` starts it; it fails where a bound is passed or a process dies.

use anyhow::{Context as _, Result, bail, ensure};
use bom::reading::Limits;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Instant;

#[path = "hostile/inputs.rs"]
mod inputs;

/// Seconds of the processor that one input may take.
const MOST_SECONDS: f64 = 5.0;
/// Peak memory: so many times the input, and so many bytes beside it.
const MOST_TIMES: u64 = 20;
const MOST_BESIDE: u64 = 64 << 20;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("read"), Some(name)) => read(&name),
        _ => table(),
    }
}

/// Reads one input and tells its peak memory; what was before is subtracted by the caller.
fn read(name: &str) -> Result<()> {
    let mut bytes = Vec::new();
    std::io::copy(&mut std::io::stdin().lock(), &mut bytes)?;
    let start = Instant::now();
    let input = inputs::all().into_iter().find(|input| input.name == name).context("an input of that name")?;
    let verdict = match input.kind {
        Some(kind) => inputs::lockfiles::read(kind, bytes),
        None => bom::format::read(&bytes, &Limits::default()).map(|reading| {
            format!(
                "read, {} components, {} edges, {} warnings",
                reading.value.components.len(),
                reading.value.edges.len(),
                reading.warnings.len()
            )
        }),
    };
    let verdict = verdict.unwrap_or_else(|error| format!("refused: {error}"));
    println!("{}\t{}\t{}\t{}", peak()?, cpu()?, start.elapsed().as_secs_f64(), verdict.replace('\n', " "));
    Ok(())
}

fn table() -> Result<()> {
    println!("{:44} {:>9} {:>9} {:>9} {:>6} {:>6}  verdict", "input", "kB", "peak kB", "bound kB", "cpu s", "wall s");
    let mut wrong = 0;
    let all = inputs::all();
    for inputs::Input { name, make, .. } in &all {
        let bytes = make();
        let bound = MOST_TIMES * bytes.len() as u64 + MOST_BESIDE;
        let said = run(name, &bytes);
        let (kept, line) = match &said {
            Ok(Said { peak, cpu, wall, verdict }) => {
                let kept = *peak <= bound && *cpu <= MOST_SECONDS;
                (
                    kept,
                    format!(
                        "{:>9} {:>9} {cpu:>6.2} {wall:>6.2}  {}",
                        peak / 1024,
                        bound / 1024,
                        verdict.chars().take(90).collect::<String>()
                    ),
                )
            }
            Err(error) => (false, format!("died: {error:#}")),
        };
        println!("{name:44} {:>9} {line}{}", bytes.len() / 1024, if kept { "" } else { "  <-- WRONG" });
        wrong += usize::from(!kept);
    }
    ensure!(wrong == 0, "{wrong} of {} inputs passed a bound", all.len());
    println!("{} inputs, every bound kept", all.len());
    Ok(())
}

/// What a process told of the input that it read.
struct Said {
    peak: u64,
    cpu: f64,
    wall: f64,
    verdict: String,
}

fn run(name: &str, bytes: &[u8]) -> Result<Said> {
    let program = std::env::current_exe()?;
    let mut child = Command::new(program).args(["read", name]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    child.stdin.take().context("its input")?.write_all(bytes)?;
    let output = child.wait_with_output()?;
    let text = String::from_utf8(output.stdout)?;
    let fields: Vec<&str> = text.trim_end().splitn(4, '\t').collect();
    match (output.status.success(), fields.as_slice()) {
        (true, [peak, cpu, wall, verdict]) => {
            Ok(Said { peak: peak.parse()?, cpu: cpu.parse()?, wall: wall.parse()?, verdict: (*verdict).to_owned() })
        }
        _ => bail!("{}", output.status),
    }
}

/// Seconds that this process took of the processor (proc(5): `utime` and `stime`, in hundredths).
fn cpu() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The second field, the program's name, may hold blanks.
    let (_, fields) = stat.rsplit_once(')').context("stat")?;
    let ticks: Vec<f64> = fields.split_whitespace().skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
    Ok(ticks.iter().sum::<f64>() / 100.0)
}

/// The most memory that this process ever held, in bytes.
fn peak() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").trim().parse::<u64>()? * 1024)
}
