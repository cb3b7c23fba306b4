package io.zookit.lock.election;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The calls that a candidate received: a word and an epoch each. */
public class HeardTerms implements LeaderListener {
  final BlockingQueue<String> words = new LinkedBlockingQueue<>();
  volatile CompletableFuture<Leadership> term = new CompletableFuture<>();
  volatile CompletionStage<?> work = CompletableFuture.completedFuture(null);

  @Override
  public void onElected(Leadership leadership) {
    words.add("elected " + leadership.epoch());
    term.complete(leadership);
  }

  @Override
  public CompletionStage<?> onRevoked(Leadership leadership, String reason) {
    words.add("revoked " + leadership.epoch() + " " + reason);
    term = new CompletableFuture<>();
    return work;
  }

  @Override
  public void onLost(Leadership leadership, String reason) {
    term = new CompletableFuture<>();
    words.add("lost " + leadership.epoch() + " " + reason);
  }

  String next() throws InterruptedException {
    String word = words.poll(20, TimeUnit.SECONDS);
    assertThat(word).isNotNull();
    return word;
  }

  Leadership elected() throws Exception {
    Leadership now = term.get(20, TimeUnit.SECONDS);
    assertThat(next()).isEqualTo("elected " + now.epoch());
    return now;
  }
}
