package io.zookit.console.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.zookit.config.Change;
import io.zookit.config.ConfigStore;
import io.zookit.config.Content;
import io.zookit.config.Namespace;
import io.zookit.config.Policy;
import io.zookit.config.Rollout;
import io.zookit.config.gray.Audience;
import io.zookit.config.gray.Instance;
import io.zookit.console.ConsoleWorld;
import io.zookit.core.Role;
import io.zookit.core.ZkClient;
import io.zookit.lock.DistributedLock;
import io.zookit.registry.ServiceInstance;
import io.zookit.registry.ServiceRegistry;
import io.zookit.scheduler.Job;
import io.zookit.scheduler.JobLedger;
import io.zookit.testkit.ZkServerExtension;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The page in Chromium. */
@Tag("full")
class BrowserIT {

  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final String AXE = axe();
  private static final Path SHOTS = Path.of("target", "screenshots");
  private static final Dimension DESKTOP = new Dimension(1280, 800);
  private static final Dimension PHONE = new Dimension(390, 844);
  private static final Namespace NS = Namespace.of("prod", "checkout", "limits");
  private static final String HOSTILE = "<img src=x onerror=window.hacked=1>\"'${1}";
  private static final String[] PAGES = {
    "namespaces",
    "ns/prod/checkout/limits",
    "ns/prod/checkout/limits/history",
    "ns/prod/checkout/limits/gray",
    "ns/prod/checkout/limits/instances",
    "ns/prod/checkout/limits/changes",
    "ns/prod/checkout/limits/policy",
    "search",
    "services",
    "service/payments",
    "locks",
    "lock/stock/sku-42",
    "jobs",
    "job/report",
    "ids",
    "audit",
    "health"
  };

  @RegisterExtension
  static final ZkServerExtension zooKeeper = new ZkServerExtension();

  @RegisterExtension
  final ConsoleWorld console = new ConsoleWorld(zooKeeper.connectString(), zooKeeper.freshRoot());

  private ConfigStore store;
  private ChromeDriver browser;

  @BeforeAll
  static void requireBrowser() {
    assumeFalse(
        "1".equals(System.getenv("ZOOKIT_NO_BROWSER")),
        "ZOOKIT_NO_BROWSER=1: the page of the console is not tested in a browser");
  }

  @BeforeEach
  void start() throws Exception {
    assertThat(CHROMIUM)
        .as("Debian's packages chromium and chromium-driver, or ZOOKIT_NO_BROWSER=1")
        .exists();
    ZkClient client = console.client("shop");
    store = ConfigStore.builder(client).instance(Instance.named("shop-1")).build();
    store.publish(NS, Content.properties("max-orders=100\n"), Change.by("ada").because(HOSTILE));
    store.publish(
        NS, Content.properties("max-orders=200\nburst=20\n"), Change.by("bob").because("sale"));
    store.gray(
        NS,
        "trial",
        Content.properties("max-orders=300\nburst=20\n"),
        Rollout.of(Audience.instances("shop-1"), Audience.percent(100)),
        Change.by("ada"));
    store.publish(
        Namespace.of("test", "checkout", "limits"),
        Content.yaml("db:\n  host: localhost\n"),
        Change.by("ada"));
    console.closeLater(store.follow(NS).awaitReady(ConsoleWorld.LONG));
    ServiceRegistry registry = ServiceRegistry.in(client);
    console.closeLater(registry
        .register(ServiceInstance.builder("payments", "10.0.0.7", 8080)
            .id("p-1")
            .zone("a")
            .version("1.2")
            .build())
        .awaitRegistered(ConsoleWorld.LONG));
    console.closeLater(DistributedLock.named("stock/sku-42", client).acquire());
    JobLedger.in(client).define(Job.named("report").cron("0 3 * * *", java.time.ZoneOffset.UTC));
    JobLedger.in(client).pause("report", HOSTILE);
    console.start();
    browser = chromium();
  }

  private static ChromeDriver chromium() throws IOException {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--force-device-scale-factor=1",
        "--user-data-dir=" + Files.createTempDirectory("chromium"));
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    return new ChromeDriver(
        new ChromeDriverService.Builder()
            .usingDriverExecutable(new File(DRIVER.toString()))
            .build(),
        options);
  }

  @AfterEach
  void stop() {
    if (browser != null) {
      browser.quit();
    }
  }

  private void logIn(Role role) {
    browser.get(console.uri("/").toString() + "#login=" + console.link(role));
    shown("//h1[.='Namespaces']");
  }

  private void open(String page) {
    browser.executeScript("window.location.hash = '#/' + arguments[0]", page);
    await()
        .atMost(ConsoleWorld.LONG)
        .until(() -> browser.findElements(By.xpath("//*[.='Loading…']")).isEmpty()
            && !browser.findElements(By.tagName("h1")).isEmpty());
  }

  private WebElement shown(String xpath) {
    return await()
        .atMost(ConsoleWorld.LONG)
        .ignoreExceptions()
        .until(() -> browser.findElement(By.xpath(xpath)), WebElement::isDisplayed);
  }

  private void click(String xpath) {
    await().atMost(ConsoleWorld.LONG).ignoreExceptions().until(() -> {
      browser.findElement(By.xpath(xpath)).click();
      return true;
    });
  }

  private void replace(String xpath, String text) {
    WebElement field = shown(xpath);
    field.clear();
    field.sendKeys(text);
  }

  /** Findings of axe-core. */
  private List<String> violations() {
    browser.executeScript(AXE);
    Object found = browser.executeAsyncScript("""
        const done = arguments[arguments.length - 1];
        axe.run().then(
          (result) => done(result.violations.map((rule) => rule.id + " " + rule.nodes[0].html)),
          (error) => done(["axe-core: " + error]));
        """);
    return ((List<?>) Objects.requireNonNull(found))
        .stream().map(String::valueOf).toList();
  }

  private static String axe() {
    try (InputStream in = BrowserIT.class.getResourceAsStream("/axe.min.js")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> complaints() {
    List<String> lines = new ArrayList<>();
    browser.manage().logs().get(LogType.BROWSER).forEach(entry -> {
      if (entry.getLevel().intValue() >= Level.WARNING.intValue()
          || entry.getMessage().contains("Content Security Policy")) {
        lines.add(entry.getMessage());
      }
    });
    return lines;
  }

  @Test
  void login_link_isRemovedFromTheAddressAndWorksOnce() {
    logIn(Role.VIEWER);
    String address = browser.getCurrentUrl();
    assertThat(address).doesNotContain("login");

    click("//button[.='Log out']");
    shown("//button[.='Log in']");
    browser.get(console.uri("/").toString());
    shown("//button[.='Log in']");
  }

  @Test
  void pages_inBothSizesAndSchemes_areWholeAndAccessible() throws IOException {
    logIn(Role.ADMIN);
    Files.createDirectories(SHOTS);
    List<String> wrong = new ArrayList<>();
    for (String scheme : new String[] {"light", "dark"}) {
      browser.executeCdpCommand(
          "Emulation.setEmulatedMedia",
          Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
      for (Dimension size : new Dimension[] {DESKTOP, PHONE}) {
        browser.executeCdpCommand(
            "Emulation.setDeviceMetricsOverride",
            Map.of(
                "width",
                size.width,
                "height",
                size.height,
                "deviceScaleFactor",
                1,
                "mobile",
                size == PHONE));
        for (String page : PAGES) {
          open(page);
          String name = page.replace('/', '-') + "-" + size.width + "-" + scheme;
          Files.write(SHOTS.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
          Object overflow = Objects.requireNonNull(
              browser.executeScript(
                  "return document.documentElement.scrollWidth - document.documentElement.clientWidth"));
          if (((Number) overflow).intValue() > 0) {
            wrong.add(name + " is " + overflow + " pixels too wide");
          }
          violations().forEach(each -> wrong.add(name + ": " + each));
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(complaints()).isEmpty();
    assertThat(browser.executeScript("return window.hacked")).isNull();
  }

  @Test
  void publish_withDiffAndThenAConflict_isShownBeforeItHappens() throws Exception {
    logIn(Role.PUBLISHER);
    open("ns/prod/checkout/limits");
    click("//button[.='Edit']");
    replace("//textarea", "max-orders=500\nburst=20\n");
    click("//button[.='Show what changes']");
    assertThat(shown("//div[@class='add'][contains(., '500')]").getText())
        .contains("max-orders=500");
    click("//label[contains(., 'Leave the open gray releases')]/input");
    replace("//section//input[@type='text']", HOSTILE);
    click("//button[starts-with(., 'Publish release')]");
    shown("//h2[contains(., 'In force: release 4')]");
    assertThat(store.history(NS).find("4").orElseThrow().author()).isEqualTo("ada");

    click("//button[.='Edit']");
    replace("//textarea", "max-orders=600\n");
    store.publish(NS, Content.properties("max-orders=550\n"), Change.by("bob").allowOpenGrays());
    shown("//*[contains(., 'came into force meanwhile')]");
    click("//button[.='Show what changes']");
    click("//label[contains(., 'Leave the open gray releases')]/input");
    click("//button[starts-with(., 'Publish release')]");
    shown("//*[@role='alert'][contains(., 'Conflict')]");
    assertThat(store.state(NS).orElseThrow().stable()).hasValue(5);
    assertThat(complaints()).allMatch(line -> line.contains("412"));
    assertThat(browser.executeScript("return window.hacked")).isNull();
  }

  @Test
  void grayBoard_instanceThatApplies_movesLiveAndIsAdvanced() throws Exception {
    logIn(Role.PUBLISHER);
    open("ns/prod/checkout/limits/gray");
    shown("//dd[@data-applied][.='1 of 1']");

    ConfigStore second = ConfigStore.builder(console.client("second"))
        .instance(Instance.named("shop-2"))
        .build();
    console.closeLater(second.follow(NS).awaitReady(ConsoleWorld.LONG));
    click("//button[.='Advance']");
    shown("//dd[.='2 of 2']");
    shown("//dd[@data-applied][.='2 of 2']");
    click("//button[.='Promote']");
    shown("//*[contains(., 'No gray release is open')]");
    assertThat(store.history(NS).find("@stable").orElseThrow().author()).isEqualTo("ada");
  }

  @Test
  void rollback_inAFreeze_needsTheOverrideOnTheSamePage() throws Exception {
    Instant now = console.client("policy").timekeeper().now();
    store.setPolicy(
        NS,
        Policy.standard()
            .withFreezes(
                new Policy.Freeze(now.minusSeconds(60), now.plusSeconds(3_600), "holidays")),
        Change.by("ada"));
    logIn(Role.PUBLISHER);
    open("ns/prod/checkout/limits/history");
    click("//button[@aria-label='Roll back to release 1']");
    shown("//*[contains(., 'Creates release 4 now')]");
    click("//label[contains(., 'End the open gray releases')]/input");
    click("//button[.='Roll back now']");
    shown("//*[@role='alert'][contains(., 'Refused')]");
    click("//label[contains(., 'in spite of the freeze')]/input");
    click("//button[.='Roll back now']");
    shown("//h1/following-sibling::span/strong[.='4']");
    assertThat(store.state(NS).orElseThrow().grays()).isEmpty();
  }

  @Test
  void keyboard_alone_reachesThePublishOfAChange() {
    logIn(Role.PUBLISHER);
    open("ns/prod/checkout/limits");
    shown("//button[.='Edit']");
    int tabs = 0;
    while (!"Edit".equals(browser.switchTo().activeElement().getText()) && tabs++ < 60) {
      browser.switchTo().activeElement().sendKeys(org.openqa.selenium.Keys.TAB);
    }
    browser.switchTo().activeElement().sendKeys(org.openqa.selenium.Keys.ENTER);
    shown("//textarea");
  }
}
