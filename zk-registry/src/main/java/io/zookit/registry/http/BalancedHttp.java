package io.zookit.registry.http;

import io.zookit.registry.Pick;
import io.zookit.registry.ServiceView;
import io.zookit.registry.balance.Balancer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/**
 * Sends requests to a service instead of to an address: each to an instance the registry's rule picks, whose answer the
 * rule learns from. A status of 500 and more counts as a failure of the instance, and is returned.
 *
 * <p>A request that could not be delivered at all goes to another instance, as does one that may be repeated (GET, HEAD,
 * OPTIONS) and was not answered; {@value #MOST_TRIES} instances at most, and only as long as the {@link RetryBudget}
 * lasts, so that retries do not multiply the load of a service that fails as a whole.
 *
 * <p><i>Threads:</i> any. The client and the view stay the caller's: they will not be closed.
 */
public final class BalancedHttp {

  private static final int MOST_TRIES = 3;
  private static final int SERVER_ERROR = 500;
  private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "OPTIONS");

  private final HttpClient client;
  private final ServiceView view;
  private final RetryBudget budget;

  private BalancedHttp(HttpClient client, ServiceView view, RetryBudget budget) {
    this.client = client;
    this.view = view;
    this.budget = budget;
  }

  /** Sends with a client to the instances of a view, with a {@linkplain RetryBudget#standard standard} retry budget. */
  public static BalancedHttp of(HttpClient client, ServiceView view) {
    return new BalancedHttp(client, view, RetryBudget.standard());
  }

  /** Returns a copy with another retry budget, which it may share with others. */
  public BalancedHttp withRetryBudget(RetryBudget budget) {
    return new BalancedHttp(client, view, budget);
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @param request makes the request for an instance's address, such as {@code http://10.0.0.7:8080}
   * @throws io.zookit.registry.NoInstanceException if there is no instance
   * @throws IOException if none answered; unless it could not be delivered, the request may have been served. If it was not
   *     retried because the budget was used up, a suppressed exception says so
   */
  public <T> HttpResponse<T> send(Function<URI, HttpRequest> request, BodyHandler<T> body)
      throws IOException, InterruptedException {
    Set<String> tried = new HashSet<>();
    budget.onRequest();
    for (int attempt = 1; ; attempt++) {
      try (Pick pick = pickBut(tried)) {
        tried.add(pick.instance().id());
        HttpRequest sent = request.apply(URI.create("http://" + pick.instance().address()));
        try {
          return learned(pick, client.send(sent, body));
        } catch (IOException e) {
          pick.failed();
          if (attempt == MOST_TRIES || !(isUndelivered(e) || isRepeatable(sent))) {
            throw e;
          }
          if (!budget.tryRetry()) {
            e.addSuppressed(new IOException("not retried: the budget is used up, " + budget));
            throw e;
          }
        }
      }
    }
  }

  /** The first by the view's own rule; a further one by chance, best one that was not tried. */
  private Pick pickBut(Set<String> tried) {
    if (tried.isEmpty()) {
      return view.pick();
    }
    return view.pick((candidates, key) -> {
      int chosen = Balancer.random().choose(candidates, key);
      for (int i = 0; i < candidates.size(); i++) {
        int next = (chosen + i) % candidates.size();
        if (!tried.contains(candidates.get(next).id())) {
          return next;
        }
      }
      return chosen;
    });
  }

  private static <T> HttpResponse<T> learned(Pick pick, HttpResponse<T> response) {
    if (response.statusCode() >= SERVER_ERROR) {
      pick.failed();
    } else {
      pick.succeeded();
    }
    return response;
  }

  private static boolean isUndelivered(IOException e) {
    return e instanceof ConnectException || e instanceof HttpConnectTimeoutException;
  }

  private static boolean isRepeatable(HttpRequest request) {
    return REPEATABLE.contains(request.method());
  }

  @Override
  public String toString() {
    return "HTTP to " + view;
  }
}
