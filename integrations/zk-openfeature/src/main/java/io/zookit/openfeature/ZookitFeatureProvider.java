package io.zookit.openfeature;

import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.EventProvider;
import dev.openfeature.sdk.ImmutableMetadata;
import dev.openfeature.sdk.Metadata;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.ProviderEventDetails;
import dev.openfeature.sdk.Value;
import dev.openfeature.sdk.exceptions.GeneralError;
import dev.openfeature.sdk.exceptions.ProviderNotReadyError;
import io.zookit.config.ConfigSnapshot;
import io.zookit.config.ConfigStore;
import io.zookit.config.Namespace;
import io.zookit.core.LiveValue;
import io.zookit.core.Subscription;
import io.zookit.core.Timekeeper;
import io.zookit.core.ZkClient;
import io.zookit.core.ZkException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Provides flags of OpenFeature from a namespace of the configuration. A flag is a value, or rules with a default:
 *
 * <pre>
 *   new-checkout: true
 *   page-size:
 *     default: 20
 *     rules:
 *       - audience: 'label.plan == "gold"'
 *         value: 100
 *       - audience: percent(10)
 *         value: 50
 * </pre>
 *
 * <p>The first rule that describes the evaluation context counts. Its language is that of gray releases ({@link
 * io.zookit.config.gray.Audience}): the targeting key is the instance, attributes are labels, {@code ip} is the address. A
 * percentage takes a share of the targeting keys, by a hash with the name of the flag: a key stays in while the share grows.
 *
 * <p><i>States:</i> READY with the first release; STALE while the flags have not been confirmed for a while (1 min unless set),
 * and READY again afterwards; ERROR if there is no release when the start has waited for it, until one comes. Each further
 * release is a CONFIGURATION_CHANGED with the names of the flags that differ.
 *
 * <p><i>Threads:</i> any. Events come on threads of OpenFeature.
 *
 * <p><i>Failure:</i> the caller's default, with the error code FLAG_NOT_FOUND, TYPE_MISMATCH, PARSE_ERROR for a rule that
 * cannot be read or has a {@code count}, TARGETING_KEY_MISSING for a percentage, INVALID_CONTEXT for an address that is none
 * or more than 32 attributes. A flag that cannot be read does not affect others. While ZooKeeper cannot be reached the last
 * flags stay.
 *
 * <p><i>Cost:</i> that of {@link ConfigStore#follow(Namespace)}; an evaluation sends nothing.
 */
public final class ZookitFeatureProvider extends EventProvider {

  private static final Subscription NONE = () -> {};

  private final Namespace namespace;
  private final ConfigStore store;
  private final Timekeeper timekeeper;
  private final Duration readyTimeout;
  private final Duration staleAfter;
  private volatile @Nullable LiveValue<ConfigSnapshot> live;
  private volatile @Nullable FlagSet read;
  private @Nullable FlagSet announced;
  private Subscription changes = NONE;
  private Subscription staleness = NONE;
  private boolean startFailed;
  private boolean isStale;

  ZookitFeatureProvider(
      Namespace namespace,
      ConfigStore store,
      Timekeeper timekeeper,
      Duration readyTimeout,
      Duration staleAfter) {
    this.namespace = namespace;
    this.store = store;
    this.timekeeper = timekeeper;
    this.readyTimeout = readyTimeout;
    this.staleAfter = staleAfter;
  }

  /** The provider of a namespace, with the default options. */
  public static ZookitFeatureProvider of(Namespace namespace, ZkClient client) {
    return builder(namespace, client).build();
  }

  /** Starts a provider with options. */
  public static ZookitFeatureProviderBuilder builder(Namespace namespace, ZkClient client) {
    return new ZookitFeatureProviderBuilder(namespace, client);
  }

  @Override
  public Metadata getMetadata() {
    return () -> "zookit " + namespace;
  }

  /**
   * Follows the namespace and waits for its first release.
   *
   * @throws GeneralError if there is none in time; a later one makes the provider ready all the same
   */
  @Override
  public void initialize(@Nullable EvaluationContext context) throws InterruptedException {
    try {
      follow().awaitReady(readyTimeout);
    } catch (ZkException e) {
      if (hasFailedToStart()) {
        throw new GeneralError(namespace + ": has no release that can be read, publish one", e);
      }
    }
  }

  private synchronized LiveValue<ConfigSnapshot> follow() {
    LiveValue<ConfigSnapshot> following = live;
    if (following == null) {
      following = store.follow(namespace);
      live = following;
      changes = following.subscribe(this::onSnapshot);
      staleness = timekeeper.after(checkInterval(), this::checkAge);
    }
    return following;
  }

  /** Remembers that the start has failed, unless a release has come just now. */
  private synchronized boolean hasFailedToStart() {
    startFailed = latest().isEmpty();
    return startFailed;
  }

  private Optional<ConfigSnapshot> latest() {
    LiveValue<ConfigSnapshot> following = live;
    return following == null ? Optional.empty() : following.latest();
  }

  private synchronized void onSnapshot(ConfigSnapshot snapshot) {
    FlagSet before = announced;
    FlagSet now = new FlagSet(snapshot);
    announced = now;
    if (before != null) {
      List<String> changed = now.changesSince(before);
      if (!changed.isEmpty()) {
        emitProviderConfigurationChanged(
            ProviderEventDetails.builder().flagsChanged(changed).build());
      }
    } else if (startFailed) {
      emitReady("release " + now.release());
    }
  }

  private void emitReady(String why) {
    emitProviderReady(
        ProviderEventDetails.builder().message(namespace + ": " + why).build());
  }

  private Duration checkInterval() {
    return staleAfter.dividedBy(2).plusMillis(1);
  }

  private synchronized void checkAge() {
    LiveValue<ConfigSnapshot> following = live;
    if (following == null) {
      return;
    }
    boolean stale = following.latest().isPresent() && following.age().compareTo(staleAfter) >= 0;
    if (stale && !isStale) {
      emitProviderStale(ProviderEventDetails.builder()
          .message(namespace + ": not confirmed for " + staleAfter)
          .build());
    } else if (!stale && isStale) {
      emitReady("confirmed again");
    }
    isStale = stale;
    staleness = timekeeper.after(checkInterval(), this::checkAge);
  }

  /** Stops following; the provider cannot be started again. */
  @Override
  public void shutdown() {
    stop();
    super.shutdown();
  }

  private synchronized void stop() {
    changes.close();
    staleness.close();
    LiveValue<ConfigSnapshot> following = live;
    if (following != null) {
      following.close();
      live = null;
    }
  }

  @Override
  public ProviderEvaluation<Boolean> getBooleanEvaluation(
      String key, Boolean otherwise, @Nullable EvaluationContext context) {
    return evaluate(key, context, FlagValue::asBoolean);
  }

  @Override
  public ProviderEvaluation<String> getStringEvaluation(
      String key, String otherwise, @Nullable EvaluationContext context) {
    return evaluate(key, context, FlagValue::asString);
  }

  @Override
  public ProviderEvaluation<Integer> getIntegerEvaluation(
      String key, Integer otherwise, @Nullable EvaluationContext context) {
    return evaluate(key, context, FlagValue::asInteger);
  }

  @Override
  public ProviderEvaluation<Double> getDoubleEvaluation(
      String key, Double otherwise, @Nullable EvaluationContext context) {
    return evaluate(key, context, FlagValue::asDouble);
  }

  @Override
  public ProviderEvaluation<Value> getObjectEvaluation(
      String key, Value otherwise, @Nullable EvaluationContext context) {
    return evaluate(key, context, FlagValue::asObject);
  }

  /** Evaluates by one release; what OpenFeature's errors say becomes the error code of the details. */
  private <T> ProviderEvaluation<T> evaluate(
      String key, @Nullable EvaluationContext context, Function<FlagValue, T> type) {
    FlagSet flags = flags();
    FlagVariant variant = flags.flag(key).choose(FlagContext.of(context));
    return ProviderEvaluation.<T>builder()
        .value(type.apply(variant.value()))
        .variant(variant.name())
        .reason(variant.reason().toString())
        .flagMetadata(
            ImmutableMetadata.builder().addInteger("release", flags.release()).build())
        .build();
  }

  private FlagSet flags() {
    ConfigSnapshot snapshot =
        latest().orElseThrow(() -> new ProviderNotReadyError(namespace + ": has no release yet"));
    FlagSet known = read;
    if (known == null || !known.isOf(snapshot)) {
      known = new FlagSet(snapshot);
      read = known;
    }
    return known;
  }

  @Override
  public String toString() {
    return "flags of " + namespace;
  }
}
