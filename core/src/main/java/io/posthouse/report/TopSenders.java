package io.posthouse.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the clients that send most, in bounded memory, however many there are.
 *
 * <p>This is the space-saving algorithm (Metwally, Agrawal, El Abbadi, 2005): when there is no room
 * for a client, it takes the place of the one with the smallest count and goes on from there. So no
 * count is too small, each is too large by at most the smallest of all, and that is at most what
 * was counted divided by the places: whoever brought more than that has one.
 *
 * <p>A heap by count has the smallest at its top. A client that sends much stands at its bottom,
 * where one more moves nothing.
 */
final class TopSenders {
  private static final class Place {
    SenderKey key;
    long count;
    long tooMuch;
    int index;

    Place(SenderKey key, int index) {
      this.key = key;
      this.index = index;
    }
  }

  private final int room;
  private final Map<SenderKey, Place> places = new HashMap<>();
  private Place[] heap = new Place[16];
  private int size;

  /** With so many places. */
  TopSenders(int room) {
    this.room = room;
  }

  /** One more. */
  void count(SenderKey key) {
    Place place = places.get(key);
    if (place == null) {
      place = size < room ? fresh(key) : takeOver(key);
    }
    place.count++;
    sink(place);
  }

  private Place fresh(SenderKey key) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, Math.min(room, size * 2));
    }
    Place place = new Place(key, size);
    heap[size++] = place;
    places.put(key, place);
    rise(place); // Its count is 0 for now.
    return place;
  }

  private Place takeOver(SenderKey key) {
    Place smallest = heap[0];
    places.remove(smallest.key);
    smallest.key = key;
    smallest.tooMuch = smallest.count;
    places.put(key, smallest);
    return smallest;
  }

  private void rise(Place place) {
    int at = place.index;
    while (at > 0 && heap[(at - 1) / 2].count > place.count) {
      put(heap[(at - 1) / 2], at);
      at = (at - 1) / 2;
    }
    put(place, at);
  }

  private void sink(Place place) {
    int at = place.index;
    for (int below = 2 * at + 1; below < size; below = 2 * at + 1) {
      if (below + 1 < size && heap[below + 1].count < heap[below].count) {
        below++;
      }
      if (heap[below].count >= place.count) {
        break;
      }
      put(heap[below], at);
      at = below;
    }
    put(place, at);
  }

  private void put(Place place, int index) {
    heap[index] = place;
    place.index = index;
  }

  /** What a client that is not among them may have brought. */
  long unlisted() {
    return size < room ? 0 : heap[0].count;
  }

  /** All that have a place, in no order. */
  List<SenderCount> all() {
    List<SenderCount> all = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      Place each = heap[i];
      all.add(new SenderCount(each.key, each.count - each.tooMuch, each.count));
    }
    return all;
  }
}
