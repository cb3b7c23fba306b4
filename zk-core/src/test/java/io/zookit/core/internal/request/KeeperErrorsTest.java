package io.zookit.core.internal.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.zookit.core.ZkAccessException;
import io.zookit.core.ZkException;
import io.zookit.core.ZkUnavailableException;
import io.zookit.core.internal.path.ZkPath;
import io.zookit.core.internal.session.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.zookeeper.KeeperException.Code;
import org.junit.jupiter.api.Test;

class KeeperErrorsTest {

  @Test
  void of_everyCode_saysThatTheOutcomeIsUnknownExactlyWithoutAnAnswer() {
    List<String> wrong = new ArrayList<>();
    ZkPath path = new ZkPath("/a");
    Stream.of(Code.values()).filter(code -> code != Code.OK).forEach(code -> {
      ZkException mapped = KeeperErrors.of(code, path);
      boolean unknown = String.valueOf(mapped.getMessage()).endsWith("the outcome is unknown");
      boolean answered = Answer.isAnswered(code) || mapped instanceof ZkAccessException;
      if (unknown == answered || unknown != mapped instanceof ZkUnavailableException) {
        wrong.add(code + ": " + mapped.getMessage());
      }
    });
    assertThat(wrong).isEmpty();
  }

  @Test
  void of_answerThatWasNotSent_saysThatNothingWasSent() {
    ZkException mapped = KeeperErrors.of(Answer.notSent(), new ZkPath("/a"));

    assertThat(mapped)
        .isInstanceOf(ZkUnavailableException.class)
        .hasMessage("/a: not connected; nothing was sent");
  }
}
