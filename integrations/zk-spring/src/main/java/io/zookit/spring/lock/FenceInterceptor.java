package io.zookit.spring.lock;

import io.zookit.core.fence.FenceMode;
import io.zookit.core.fence.JdbcFence;
import io.zookit.lock.Lease;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Admits the token of a method's lease in its transaction, directly in front of the method. */
final class FenceInterceptor implements MethodInterceptor {

  private final LockedMethods methods;
  private final Function<String, DataSource> dataSources;
  private final Supplier<JdbcFence> fence;

  FenceInterceptor(
      LockedMethods methods, Function<String, DataSource> dataSources, Supplier<JdbcFence> fence) {
    this.methods = methods;
    this.dataSources = dataSources;
    this.fence = fence;
  }

  @Override
  public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
    LockedMethod method = methods.find(invocation).orElse(null);
    if (method != null && method.fence().isPresent()) {
      Lease lease = HeldLocks.of(method)
          .orElseThrow(
              () -> new IllegalStateException(
                  "fence of " + method.method().getName()
                      + ": the method was called on another thread than the one that acquired its lock"));
      admit(dataSources.apply(method.fence().get()), lease);
    }
    return invocation.proceed();
  }

  private void admit(DataSource dataSource, Lease lease) {
    if (!TransactionSynchronizationManager.isActualTransactionActive()) {
      throw noTransaction(lease);
    }
    Connection connection = DataSourceUtils.getConnection(dataSource);
    try {
      if (!DataSourceUtils.isConnectionTransactional(connection, dataSource)) {
        throw noTransaction(lease);
      }
      fence.get().admit(connection, lease.name(), lease.token(), FenceMode.EXCLUSIVE);
    } catch (SQLException e) {
      String task = "fence " + lease.name();
      throw Objects.requireNonNullElseGet(
          new SQLExceptionSubclassTranslator().translate(task, null, e),
          () -> new UncategorizedSQLException(task, null, e));
    } finally {
      DataSourceUtils.releaseConnection(connection, dataSource);
    }
  }

  private static IllegalStateException noTransaction(Lease lease) {
    return new IllegalStateException("fence " + lease.name()
        + ": no transaction is active on its data source (expected: @Transactional on the method, with the transaction"
        + " manager of that data source)");
  }
}
