package com.example;

import io.zookit.spring.lock.Locked;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.stereotype.Component;

@SpringBootApplication
public class ShopApplication {

  public static void main(String[] args) {
    SpringApplication.run(ShopApplication.class, args);
  }

  /** A bean with a method that one process at a time runs for an order. */
  @Component
  public static class Payments {

    @Locked("order/#{#order}")
    public String pay(String order) {
      return "paid " + order;
    }
  }
}
