import ort from 'onnxruntime-node';
import { GraphBuilder } from '../src-main/engine/onnx/graph-builder';

/** Large enough to be bound by arithmetic, small enough to run often. */
const SIDES = [1024, 2048] as const;

interface Product {
  readonly side: number;
  readonly session: ort.InferenceSession;
  readonly left: ort.Tensor;
}

/**
 * This machine's float32 matrix-multiply rate through onnxruntime: what scoring is compared with.
 * The right-hand matrix is a constant, as a network's weights are.
 */
export class MatmulPeak {
  /** The best rate seen so far. */
  gflops = 0;
  readonly #products: readonly Product[];

  private constructor(products: readonly Product[]) {
    this.#products = products;
  }

  static async create(threads: number): Promise<MatmulPeak> {
    const products: Product[] = [];
    for (const side of SIDES) {
      const values = Float32Array.from({ length: side * side }, (_, i) => Math.sin(i));
      const graph = new GraphBuilder();
      graph.add('MatMul', 'product', ['left', graph.constant('right', [side, side], values)]);
      const session = await ort.InferenceSession.create(
        graph.encode('matmul', { left: [side, side] }, { product: [side, side] }),
        { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 3 },
      );
      products.push({ side, session, left: new ort.Tensor('float32', values, [side, side]) });
    }
    return new MatmulPeak(products);
  }

  /** Multiplies for about `forMs` and keeps the best rate. */
  async measure(forMs: number): Promise<void> {
    for (const { side, session, left } of this.#products) {
      const end = performance.now() + forMs / this.#products.length;
      do {
        const from = performance.now();
        await session.run({ left });
        const ms = performance.now() - from;
        this.gflops = Math.max(this.gflops, (2 * side ** 3) / ms / 1e6);
      } while (performance.now() < end);
    }
  }

  async dispose(): Promise<void> {
    for (const { session } of this.#products) await session.release();
  }
}
