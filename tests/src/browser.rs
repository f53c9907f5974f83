//! A real browser: Debian's Chromium without a window, driven by ChromeDriver,
//! with a profile of its own and no word to anybody but the server under test.

use crate::process::{Process, Start};
use crate::programs;
use crate::webdriver::{By, Gone, Session};
use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What Chromium is started with, beside the folder of its profile.
const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
];

/// How long a page may take to show what is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// An open browser window.
pub struct Browser {
    base: String,
    // Fields are dropped in order: the window, the driver, the folder they write to.
    session: Session,
    _driver: Process,
    _folder: TempDir,
}

/// Whether pages may run scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scripts {
    /// As most people have it.
    On,
    /// Every page must do its work without.
    Off,
}

impl Browser {
    /// Opens a window for the server at `base`.
    ///
    /// # Errors
    /// When Chromium or ChromeDriver is not installed or does not start.
    pub fn open(base: &str, scripts: Scripts) -> Result<Self> {
        let chromium = programs::foreign("chromium", "chromium")?;
        let chromedriver = programs::foreign("chromedriver", "chromium-driver")?;
        let folder = tempfile::Builder::new().prefix("bomwarden-browser-").tempdir().context("no temporary folder")?;
        let log = folder.path().join("chromedriver.log");
        let start = Start { program: &chromedriver, user: None, last_signal: "TERM", log: log.clone() };
        let mut driver = Process::start(start, |command| {
            command.arg("--port=0").env("HOME", folder.path()).env("TMPDIR", folder.path());
        })?;
        let port = driver.until(PATIENCE, || started_on(&std::fs::read_to_string(&log).ok()?))?;
        let session = Session::open(&format!("http://127.0.0.1:{port}"), &capabilities(&chromium, folder.path(), scripts))?;
        Ok(Self { base: base.trim_end_matches('/').to_owned(), session, _driver: driver, _folder: folder })
    }

    /// Goes to a path of the server.
    ///
    /// # Errors
    /// When the page does not load.
    pub fn go(&self, path: &str) -> Result<()> {
        let url = format!("{}{path}", self.base);
        self.session.go(&url).with_context(|| format!("{url} does not load"))
    }

    /// Writes into the field that `css` finds, in place of what is there.
    ///
    /// # Errors
    /// When there is no such field.
    pub fn fill(&self, css: &str, text: &str) -> Result<()> {
        self.on(By::Css(css), |field| self.session.write(field, text)).with_context(|| format!("`{css}` takes no text"))
    }

    /// Clicks what `css` finds first.
    ///
    /// # Errors
    /// When there is nothing to click.
    pub fn click(&self, css: &str) -> Result<()> {
        self.on(By::Css(css), |button| self.session.click(button)).with_context(|| format!("`{css}` cannot be clicked"))
    }

    /// Follows the link with exactly this text.
    ///
    /// # Errors
    /// When there is none.
    pub fn follow(&self, text: &str) -> Result<()> {
        self.on(By::Link(text), |link| self.session.click(link)).with_context(|| format!("the link `{text}` cannot be clicked"))
    }

    /// The text that a person sees in what `css` finds first.
    ///
    /// # Errors
    /// When there is no such element.
    pub fn text(&self, css: &str) -> Result<String> {
        self.on(By::Css(css), |element| self.session.text(element))
    }

    /// How many elements `css` finds now.
    ///
    /// # Errors
    /// When the page cannot be asked.
    pub fn count(&self, css: &str) -> Result<usize> {
        Ok(self.session.find(By::Css(css))?.len())
    }

    /// The path of the page that is open, without the server's address.
    ///
    /// # Errors
    /// When the page cannot be asked.
    pub fn path(&self) -> Result<String> {
        let url = self.session.url()?;
        Ok(url.strip_prefix(&self.base).unwrap_or(&url).to_owned())
    }

    /// How many pixels of the page lie beside the window, where one must scroll sideways to them.
    ///
    /// # Errors
    /// When the page cannot be asked, or runs no scripts.
    pub fn overflow(&self) -> Result<i64> {
        let wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        self.session.value(wide)?.as_i64().context("a width is a number")
    }

    /// The title of the open page.
    ///
    /// # Errors
    /// When the page cannot be asked, or runs no scripts.
    pub fn title(&self) -> Result<String> {
        Ok(self.session.value("document.title")?.as_str().unwrap_or_default().to_owned())
    }

    /// A picture of the window, as PNG.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub fn picture(&self) -> Result<Vec<u8>> {
        self.session.picture()
    }

    /// Does something with the first element, waiting for it a while. Where the page is
    /// replaced between finding it and doing so, the new page is asked.
    fn on<T>(&self, by: By<'_>, act: impl Fn(&str) -> Result<T>) -> Result<T> {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(element) = self.session.find(by)?.first() {
                match act(element) {
                    Err(error) if error.is::<Gone>() && Instant::now() < end => {}
                    done => return done,
                }
            } else if Instant::now() > end {
                bail!("{by:?} finds nothing on {}, which says:\n{}", self.path()?, self.text_now()?);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn text_now(&self) -> Result<String> {
        match self.session.find(By::Css("body"))?.first() {
            Some(body) => self.session.text(body),
            None => Ok(String::new()),
        }
    }
}

fn started_on(log: &str) -> Option<u16> {
    let (_, rest) = log.split_once("started successfully on port ")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn capabilities(chromium: &Path, folder: &Path, scripts: Scripts) -> Value {
    let mut arguments: Vec<String> = FLAGS.iter().map(|&flag| flag.to_owned()).collect();
    arguments.push(format!("--user-data-dir={}", folder.join("profile").display()));
    let setting = if scripts == Scripts::Off { 2 } else { 1 };
    json!({ "goog:chromeOptions": {
        "binary": chromium,
        "args": arguments,
        "prefs": { "profile.managed_default_content_settings.javascript": setting },
    }})
}
