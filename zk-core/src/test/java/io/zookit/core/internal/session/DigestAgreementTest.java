package io.zookit.core.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zookit.core.AccessPolicy;
import io.zookit.core.Identity;
import io.zookit.core.ZkAccessException;
import io.zookit.core.internal.path.ZkPath;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.proto.CreateRequest;
import org.junit.jupiter.api.Test;

/** Finding out by which of the possible algorithms the servers hash digest passwords. */
class DigestAgreementTest {

  private static final String SECRET = "se:cret";

  private final List<Identity> agreed = new ArrayList<>();
  private final List<Boolean> told = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();

  /** Servers that know the client by this hash, and let it create in these folders. */
  private record Servers(Optional<Identity> known, List<String> folders) {

    Servers(Optional<Identity> known, String... folders) {
      this(known, List.of(folders));
    }
  }

  @Test
  void ask_noDigestCredentials_sendsNothing() {
    DigestAgreement agreement =
        new DigestAgreement("shop", new ZkPath("/zookit"), null, null, agreed::add);
    agreement.ask(handle(new Servers(Optional.empty())), told::add);
    assertThat(told).containsExactly(true);
    assertThat(asked).isEmpty();
  }

  @Test
  void ask_defaultAlgorithm_isSettledByOneTransactionForAllSessions() {
    DigestAgreement agreement = agreement(Optional.empty());
    Servers servers = new Servers(Optional.of(Identity.digest("ana", SECRET)), "/zookit");
    agreement.ask(handle(servers), told::add);
    agreement.ask(handle(servers), told::add);
    assertThat(told).containsExactly(true, true);
    assertThat(asked).containsExactly("/zookit/~digest");
    assertThat(agreed).isEmpty();
  }

  @Test
  void ask_everyOtherAlgorithm_isFoundWhereTheClientMayCreate() {
    for (String algorithm : List.of("SHA-256", "SHA-512", "SHA3-256", "MD5")) {
      Identity own = Identity.digest("ana", SECRET, algorithm);
      agreement(Optional.empty()).ask(handle(new Servers(Optional.of(own), "/")), told::add);
      assertThat(agreed).last().isEqualTo(own);
    }
    assertThat(told).containsOnly(true);
  }

  @Test
  void ask_roleThatMayCreateLocksOnly_isAskedThere() {
    Identity own = Identity.digest("ana", SECRET, "SHA-256");
    agreement(Optional.empty())
        .ask(handle(new Servers(Optional.of(own), "/zookit/locks")), told::add);
    assertThat(agreed).containsExactly(own);
  }

  @Test
  void ask_mayCreateNowhere_goesOnAndAsksTheNextSession() {
    DigestAgreement agreement = agreement(Optional.empty());
    Servers closed = new Servers(Optional.of(Identity.digest("ana", SECRET)));
    agreement.ask(handle(closed), told::add);
    int once = asked.size();
    agreement.ask(handle(closed), told::add);
    assertThat(told).containsExactly(true, true);
    assertThat(asked).hasSize(2 * once);
    assertThatCode(agreement::requireAgreed).doesNotThrowAnyException();
  }

  @Test
  void ask_noAnswer_isNotSettled() {
    DigestAgreement agreement = agreement(Optional.empty());
    agreement.ask(handle((operations, reply) -> reply.accept(Answer.notSent())), told::add);
    assertThat(told).containsExactly(false);
  }

  @Test
  void ask_algorithmNobodyKnows_isRefused() {
    DigestAgreement agreement = agreement(Optional.empty());
    agreement.ask(handle(new Servers(Optional.empty(), "/zookit")), told::add);
    assertThat(told).isEmpty();
    assertThatThrownBy(agreement::requireAgreed)
        .isInstanceOf(ZkAccessException.class)
        .hasMessageContaining("by an algorithm that is none of SHA1, SHA-256");
  }

  @Test
  void ask_policyOfAnotherAlgorithm_isRefusedAndOfTheServersIsTaken() {
    Identity own = Identity.digest("ana", SECRET, "SHA-256");
    Servers servers = new Servers(Optional.of(own), "/zookit");
    DigestAgreement wrong =
        agreement(Optional.of(AccessPolicy.sharedBy(own, Identity.digest("bob", "b"))));
    wrong.ask(handle(servers), told::add);
    assertThat(told).isEmpty();
    assertThat(wrong.refused()).isCompletedExceptionally();
    assertThatThrownBy(wrong::requireAgreed).hasMessageContaining("digest user bob");
    agreement(Optional.of(AccessPolicy.sharedBy(own, Identity.x509("CN=a"))))
        .ask(handle(servers), told::add);
    assertThat(told).containsExactly(true);
  }

  private DigestAgreement agreement(Optional<AccessPolicy> policy) {
    Credentials credentials =
        new Credentials("digest", "ana:" + SECRET, Identity.digest("ana", SECRET));
    return new DigestAgreement(
        "shop", new ZkPath("/zookit"), credentials, policy.orElse(null), agreed::add);
  }

  private SessionHandle handle(Servers servers) {
    return handle((operations, reply) -> {
      Op.Create create = (Op.Create) operations.get(0);
      asked.add(create.getPath());
      String folder = new ZkPath(create.getPath()).parent().value();
      boolean created = servers.folders().contains(folder);
      boolean known =
          servers.known().filter(own -> own.id().equals(idIn(create))).isPresent();
      reply.accept(answer(created, known));
    });
  }

  private static String idIn(Op.Create create) {
    return ((CreateRequest) create.toRequestRecord()).getAcl().get(0).getId().getId();
  }

  /** As ZooKeeper answers: the first that is refused has its code, those behind it have none of their own. */
  private static Answer<List<OpResult>> answer(boolean created, boolean known) {
    Code first = created ? Code.OK : Code.NOAUTH;
    Code second = !created ? Code.RUNTIMEINCONSISTENCY : known ? Code.OK : Code.NOAUTH;
    Code third = second == Code.OK ? Code.BADVERSION : Code.RUNTIMEINCONSISTENCY;
    Code whole = !created || !known ? Code.NOAUTH : Code.BADVERSION;
    List<OpResult> results = List.of(
        new OpResult.ErrorResult(first.intValue()),
        new OpResult.ErrorResult(second.intValue()),
        new OpResult.ErrorResult(third.intValue()));
    return new Answer<>(whole, results, true);
  }

  private interface Transactions {
    void send(List<Op> operations, Consumer<Answer<List<OpResult>>> reply);
  }

  @SuppressWarnings("unchecked") // the only method that is called takes these
  private static SessionHandle handle(Transactions multi) {
    return (SessionHandle) Proxy.newProxyInstance(
        SessionHandle.class.getClassLoader(),
        new Class<?>[] {SessionHandle.class},
        (proxy, method, arguments) -> {
          assertThat(method.getName()).isEqualTo("multi");
          multi.send((List<Op>) arguments[0], (Consumer<Answer<List<OpResult>>>) arguments[1]);
          return null;
        });
  }
}
